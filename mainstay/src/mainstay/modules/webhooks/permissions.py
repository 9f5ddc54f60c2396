"""The rights of the webhooks module."""

from mainstay.permission import Permission

# The owner's alone: who may send every event anywhere sees what happens in the whole business. No key may hold it.
MANAGE = Permission("webhooks.manage", "Manage where events are sent, and who may send messages", is_for_keys=False)
# For programs: all events, as far as the log goes back.
READ_EVENTS = Permission("webhooks.read_events", "Read the feed of all events")
