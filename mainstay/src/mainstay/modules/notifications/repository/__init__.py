"""Every statement of notifications."""
