"""The rules of webhooks, one file for each kind of thing."""
