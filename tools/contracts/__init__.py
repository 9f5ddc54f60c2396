"""Contract types for import-linter that the architecture's rules need beyond its own."""
