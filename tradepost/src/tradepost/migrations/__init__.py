"""Tradepost's migrations: one linear branch of versions on top of Mainstay's."""
