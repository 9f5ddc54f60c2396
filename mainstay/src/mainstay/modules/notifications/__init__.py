"""Notifications: people are told of what concerns them, in an inbox and by mail, as they choose."""
