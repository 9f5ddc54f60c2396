"""Catalogue: products with variants and barcodes, search, and import from files."""
