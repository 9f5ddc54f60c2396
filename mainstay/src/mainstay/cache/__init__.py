"""The cache: answers that were worked out once, and are shown again while what they were read from is unchanged."""
