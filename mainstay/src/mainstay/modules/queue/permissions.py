"""The rights of the queue module."""

from mainstay.permission import Permission

READ = Permission("queue.read", "See the work in the background")
# What a job is about may be anybody's data, and having it done again is not to be done lightly.
MANAGE = Permission("queue.manage", "Try work in the background again, cancel and discard it")
