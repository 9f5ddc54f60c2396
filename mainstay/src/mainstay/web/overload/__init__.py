"""Overload: what is asked for beyond what can be done is refused at once, and the least urgent of it first."""
