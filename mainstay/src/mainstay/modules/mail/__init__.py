"""Mail that is kept until it is taken: letters, what became of them, and the language people want."""
