"""A program with one mistake in each of its operations, and one operation without: what a fuzzer must find."""
