"""What can go wrong with the business and its stores."""

from mainstay.errors import Conflict, InvalidInput, NotFound


class NotSetUp(Conflict):
    """There is no business yet."""

    code = "shop.not_set_up"
    title = "The business is not set up"


class AlreadySetUp(Conflict):
    """There is a business already."""

    code = "shop.already_set_up"
    title = "The business is set up already"


class UnknownStore(NotFound):
    """There is no such store."""

    code = "shop.unknown_store"
    title = "Unknown store"


class StoreCodeTaken(Conflict):
    """Another store has this code."""

    code = "shop.store_code_taken"
    title = "The store code is taken"


class StoreIdReused(Conflict):
    """The id belongs to a store with other content already."""

    code = "shop.store_id_reused"
    title = "This id belongs to another store"


class TaxRateTaken(Conflict):
    """The business has this rate under another name."""

    code = "shop.tax_rate_taken"
    title = "The tax rate exists already"


class InvalidSetting(InvalidInput):
    """A currency, zone or rounding does not exist."""

    code = "shop.invalid_setting"
    title = "A setting is not valid"
