"""What the till's routes take and give, one file per aggregate."""
