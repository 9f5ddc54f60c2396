"""Reads business cards: from the bytes of a photo to fields with confidence and the boxes they came from."""
