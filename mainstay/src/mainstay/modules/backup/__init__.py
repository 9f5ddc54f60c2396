"""Backups as a part of the program: made daily, rehearsed, kept by rule, and missed aloud."""
