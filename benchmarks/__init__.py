"""Benchmarks: rates of the running program as ratios to plain SQL and to a bare framework, in one run."""
