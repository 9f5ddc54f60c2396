"""Backups of a program's database: one sealed, streamed archive that is rehearsed, and restored beside, never over."""
