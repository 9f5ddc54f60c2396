"""The rules of the till, one file per aggregate."""
