"""Why a file as a whole cannot be read."""


class SheetProblem(Exception):
    """The file is no table that can be used; the message is the sentence for the person who sent it."""
