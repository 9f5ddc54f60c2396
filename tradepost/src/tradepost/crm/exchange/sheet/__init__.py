"""Contacts in spreadsheets: what their columns are, rows read, and rows written."""
