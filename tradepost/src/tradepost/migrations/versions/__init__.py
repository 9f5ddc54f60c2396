"""Tradepost's own branch of migrations."""
