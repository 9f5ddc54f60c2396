"""The rights of the audit module."""

from mainstay.permission import Permission

READ = Permission("audit.read", "Read the audit trail")
