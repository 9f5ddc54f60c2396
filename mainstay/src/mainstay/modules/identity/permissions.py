"""The rights of the identity module."""

from mainstay.permission import Permission

MANAGE = Permission("identity.manage", "Manage people and their access")
