"""Contacts on paper: a sheet to print, drawn in a process of its own, with letters of every script."""
