"""Mathematics on arrays: nothing here knows a database, a screen or a clock."""
