"""What can go wrong in the catalogue."""

from mainstay.errors import Conflict, InvalidInput, NotFound


class UnknownProduct(NotFound):
    """There is no such product."""

    code = "catalog.unknown_product"
    title = "Unknown product"


class UnknownVariant(NotFound):
    """There is no such variant."""

    code = "catalog.unknown_variant"
    title = "Unknown variant"


class UnknownCode(NotFound):
    """No product has the barcode or SKU."""

    code = "catalog.unknown_code"
    title = "Unknown code"


class InvalidProduct(InvalidInput):
    """A price, barcode or tax rate is refused; `errors` says which and why."""

    code = "catalog.invalid_product"
    title = "The product is not valid"


class SkuTaken(Conflict):
    """Another variant has the SKU; `extra["taken"]` names it."""

    code = "catalog.sku_taken"
    title = "The SKU is taken"


class BarcodeTaken(Conflict):
    """Another variant has the barcode (rule 28); `extra["taken"]` names it."""

    code = "catalog.barcode_taken"
    title = "The barcode is taken"


class OptionsTaken(Conflict):
    """Another variant of the product has the same options."""

    code = "catalog.options_taken"
    title = "Another variant has these options"


class IdReused(Conflict):
    """The id belongs to something else already."""

    code = "catalog.id_reused"
    title = "This id is taken"


class UnknownImport(NotFound):
    """There is no such import."""

    code = "catalog.unknown_import"
    title = "Unknown import"


class EmptyFile(InvalidInput):
    """The file has no content."""

    code = "catalog.empty_file"
    title = "The file is empty"
