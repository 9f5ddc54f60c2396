"""The rights of the catalogue."""

from mainstay.permission import Permission

READ = Permission("catalog.read", "See products", frozenset({"manager", "cashier", "employee", "read_only"}))
READ_COST = Permission("catalog.read_cost", "See what products cost", frozenset({"manager"}))
WRITE = Permission("catalog.write", "Change products", frozenset({"manager", "employee"}))
IMPORT = Permission("catalog.import", "Import products from files", frozenset({"manager"}))
