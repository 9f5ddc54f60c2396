"""The migrations of the sample program."""
