"""The routes of operations, one file for each kind of thing."""
