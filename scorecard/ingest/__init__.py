"""From the bytes of an export to typed rows, with an account of every line."""
