"""What the running program tells about itself: logs and health."""
