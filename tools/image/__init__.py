"""Build the image of Tradepost, and refuse one that holds what is known to be bad: `python -m tools.image`."""
