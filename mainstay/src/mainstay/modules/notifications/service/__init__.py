"""The rules of notifications: who is told and how, what an inbox shows, and how people end it."""
