"""Mainstay's own branch of migrations."""
