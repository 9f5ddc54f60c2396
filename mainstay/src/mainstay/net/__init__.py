"""What calls to other services have in common."""
