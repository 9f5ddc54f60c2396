"""The rules of flags and of experiments."""
