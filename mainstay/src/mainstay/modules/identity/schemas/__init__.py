"""What the identity routes take and give."""
