"""Storage: where bytes lie that are no rows, in a folder of this machine or in a bucket of an S3-compatible service."""
