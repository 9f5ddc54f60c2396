"""The rights of the identity module."""

from mainstay.permission import Permission

MANAGE = Permission("identity.manage", "Manage people and their access", frozenset({"manager"}))
ROLES = Permission("identity.roles", "Change what roles may do")
