"""The migrations of the probe program."""
