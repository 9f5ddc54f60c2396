"""What people do with the running program, one file for each kind of thing."""
