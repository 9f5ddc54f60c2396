"""The text recognisers behind one port."""
