"""Events, the jobs that answer them, and the event log."""
