"""One change to many records: what is asked, and what becomes of each."""
