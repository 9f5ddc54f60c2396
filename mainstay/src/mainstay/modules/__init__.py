"""The built-in modules, with the same set of files as any other module."""
