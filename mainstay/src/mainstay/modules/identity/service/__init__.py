"""The rules of identity, one file per aggregate."""
