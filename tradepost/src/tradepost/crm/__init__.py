"""Contacts: people and companies, where they came from, and what happened to them."""
