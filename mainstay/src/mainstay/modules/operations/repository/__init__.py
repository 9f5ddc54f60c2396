"""The statements of operations, one file for each kind of thing."""
