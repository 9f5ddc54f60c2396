"""Every statement of the contacts module."""
