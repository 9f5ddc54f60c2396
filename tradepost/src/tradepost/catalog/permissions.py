"""The rights of the catalogue."""

from mainstay.permission import Permission

READ = Permission("catalog.read", "See products", frozenset({"cashier"}))
READ_COST = Permission("catalog.read_cost", "See what products cost")
WRITE = Permission("catalog.write", "Change products")
IMPORT = Permission("catalog.import", "Import products from files")
