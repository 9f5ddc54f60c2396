"""From one tuple of modules to a running program: API, worker, command line and the command that starts all."""
