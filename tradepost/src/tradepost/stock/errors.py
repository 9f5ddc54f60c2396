"""What can go wrong with stock."""

from mainstay.errors import Conflict, NotFound


class NotEnoughStock(Conflict):
    """The store refuses to go below zero; `extra["items"]` lists what is missing."""

    code = "stock.not_enough"
    title = "Not enough stock"


class UnknownItem(NotFound):
    """There is no such variant or store."""

    code = "stock.unknown_item"
    title = "Unknown item"


class AdjustmentReused(Conflict):
    """The id belongs to another adjustment already."""

    code = "stock.adjustment_reused"
    title = "This id belongs to another adjustment"
