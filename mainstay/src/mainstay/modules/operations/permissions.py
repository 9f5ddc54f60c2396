"""The rights of the operations module."""

from mainstay.permission import Permission

READ = Permission("operations.read", "See how the program stands")
# Lines in the log and stacks of the code tell what the program is busy with: that is the owner's.
MANAGE = Permission("operations.manage", "Change what is logged and take profiles of the program", is_for_keys=False)
# They tell where in the code the program fails, and which requests did.
ERRORS = Permission("operations.errors", "See the program's errors, resolve and ignore them")
