"""SQL functions that migrations create; a changed function is a new file."""
