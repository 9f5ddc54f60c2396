"""The rights of the backup module."""

from mainstay.permission import Permission

# The owner's alone: who can have archives made can fill the disk with them.
MANAGE = Permission("backup.manage", "See backups and make one now")
