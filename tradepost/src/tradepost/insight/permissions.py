"""The rights of the numbers."""

from mainstay.permission import Permission

READ = Permission("insight.read", "See the numbers", frozenset({"manager", "read_only"}))
