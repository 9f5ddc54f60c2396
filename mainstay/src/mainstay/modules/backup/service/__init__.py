"""The rules of backup: when one is made, what stays, and who is told when none comes."""
