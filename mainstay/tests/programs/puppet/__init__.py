"""A program that does at once what a test wants of a child process."""
