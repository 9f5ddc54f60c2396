"""The running program for its operator: how it stands, how much it logs, and what its time goes into."""
