"""The routes of flags and of experiments."""
