"""Barcodes and folded text: what a product is recognised by."""
