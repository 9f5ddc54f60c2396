"""Numbers: what is going on in the shop, live."""
