"""Webhooks: telling other programs of events, taking what they tell, and the feed of events."""
