"""The rules of mail: what is kept, how it is handed over, and what is told of it."""
