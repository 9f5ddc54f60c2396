"""The rights of the identity module."""

from mainstay.permission import Permission

MANAGE = Permission("identity.manage", "Manage people and their access", is_for_keys=False)
KEYS = Permission("identity.keys", "Manage keys of services", is_for_keys=False)
