"""Flags: what is switched while the program runs, for whom, and experiments that are counted."""
