"""Spreadsheets that were saved as text: their encodings, separators and records, and cells that no spreadsheet runs."""
