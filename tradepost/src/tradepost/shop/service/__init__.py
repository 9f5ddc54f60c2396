"""The rules of the shop module."""
