"""Work in the background for people to see: what waits, what failed for good, when schedules run, what can be done."""
