"""Mainstay: the production foundation for FastAPI services, switched on by default and provable."""
