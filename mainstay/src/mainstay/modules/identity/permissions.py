"""The rights of the identity module."""

from mainstay.permission import Permission

MANAGE = Permission("identity.manage", "Manage people and their access", frozenset({"manager"}), is_for_keys=False)
ROLES = Permission("identity.roles", "Change what roles may do", is_for_keys=False)
STATIONS = Permission(
    "identity.stations", "Let devices be signed in to by PIN", frozenset({"manager"}), is_for_keys=False
)
KEYS = Permission("identity.keys", "Manage keys of services", is_for_keys=False)
