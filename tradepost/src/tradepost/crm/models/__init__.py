"""What the contacts module keeps: contacts, and the cards that they come from."""
