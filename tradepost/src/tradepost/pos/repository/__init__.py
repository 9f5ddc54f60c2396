"""Every statement of the till, by what it is about."""
