"""What leaves the screen: tables as files."""
