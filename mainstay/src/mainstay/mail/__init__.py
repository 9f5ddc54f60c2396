"""Mail: what a letter says, how it is laid out, and how it gets to a server or into a folder."""
