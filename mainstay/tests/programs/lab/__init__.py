"""A program that tries things out: flags and an experiment, for tests through the front door."""
