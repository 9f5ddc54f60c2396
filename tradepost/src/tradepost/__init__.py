"""Tradepost: the back office of a small trading business, built on Mainstay."""
