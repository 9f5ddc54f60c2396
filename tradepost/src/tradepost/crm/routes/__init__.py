"""The routes of the contacts module: contacts, and the cards that they come from."""
