"""The rights of the tagging module; whoever may change a thing may label it, also with a new word."""

from mainstay.permission import Permission

READ = Permission("tagging.read", "See tags and groups", frozenset({"manager", "cashier", "employee", "read_only"}))
WRITE = Permission("tagging.write", "Change tags and groups for everybody", frozenset({"manager", "employee"}))
