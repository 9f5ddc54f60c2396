"""What can go wrong at a till."""

from mainstay.errors import Conflict, InvalidInput, NotAllowed, NotFound


class UnknownRegister(NotFound):
    """There is no such register."""

    code = "pos.unknown_register"
    title = "Unknown register"


class UnknownShift(NotFound):
    """There is no such shift."""

    code = "pos.unknown_shift"
    title = "Unknown shift"


class UnknownSale(NotFound):
    """There is no such sale."""

    code = "pos.unknown_sale"
    title = "Unknown sale"


class UnknownCode(NotFound):
    """No product carries the scanned code."""

    code = "pos.unknown_code"
    title = "Unknown code"


class UnknownVariant(InvalidInput):
    """A line names a product that does not exist or is not sold any more; `extra["variant_ids"]` lists them."""

    code = "pos.unknown_variant"
    title = "A product on the ticket is not for sale"


class RegisterCodeTaken(Conflict):
    """Another register has this code."""

    code = "pos.register_code_taken"
    title = "The register code is taken"


class IdReused(Conflict):
    """The id belongs to something else already."""

    code = "pos.id_reused"
    title = "This id is taken"


class ShiftAlreadyOpen(Conflict):
    """The register has an open shift; `extra["shift_id"]` names it."""

    code = "pos.shift_already_open"
    title = "The register is open already"


class ShiftIsClosed(Conflict):
    """The shift is closed, or is not the register's open one."""

    code = "pos.shift_closed"
    title = "The shift is closed"


class SaleIdReused(Conflict):
    """The id belongs to a sale with other content (rule 18)."""

    code = "pos.sale_id_reused"
    title = "This id belongs to another sale"


class TotalChanged(Conflict):
    """The till showed another total; `extra` holds the total and the lines as they are priced now."""

    code = "pos.total_changed"
    title = "Prices have changed"


class NotEnoughStock(Conflict):
    """The store does not sell what it does not have; `extra["items"]` lists what is missing."""

    code = "pos.not_enough_stock"
    title = "Not enough stock"


class PaymentIdReused(Conflict):
    """A tender's id belongs to another payment already (rule 20)."""

    code = "pos.payment_id_reused"
    title = "This payment was used before"


class BadTicket(InvalidInput):
    """The ticket cannot be priced as it stands."""

    code = "pos.bad_ticket"
    title = "The ticket is not valid"


class TenderTooLow(InvalidInput):
    """Less was tendered than is due; `extra["missing_minor"]` says how much."""

    code = "pos.tender_too_low"
    title = "More money is needed"


class TenderTooHigh(InvalidInput):
    """A card was charged more than is due; `extra["excess_minor"]` says how much."""

    code = "pos.tender_too_high"
    title = "Too much on the card"


class RegisterIsOpen(Conflict):
    """The register has an open shift, which is to be closed first."""

    code = "pos.register_open"
    title = "The register is open"


class OtherRegister(NotAllowed):
    """Who signed in by PIN works at the register that the device stands at, and at no other."""

    code = "pos.other_register"
    title = "This is another register"


class NothingToApprove(Conflict):
    """The cashier may do all of this alone."""

    code = "pos.nothing_to_approve"
    title = "No approval is needed"


class UnknownRefund(NotFound):
    """There is no such refund."""

    code = "pos.unknown_refund"
    title = "Unknown refund"


class UnknownLine(InvalidInput):
    """A line of a refund is none of the sale's; `extra["line_ids"]` lists them."""

    code = "pos.unknown_line"
    title = "Not a line of this sale"


class RefundIdReused(Conflict):
    """The id belongs to a refund with other content (rule 18)."""

    code = "pos.refund_id_reused"
    title = "This id belongs to another refund"


class RefundTooMuch(Conflict):
    """More is to come back of a line than is left of it (rule 14); `extra["lines"]` tells what is left of each."""

    code = "pos.refund_too_much"
    title = "More than is left of the sale"


class RefundChanged(Conflict):
    """The till showed another amount; `extra["total_minor"]` holds what the goods are worth."""

    code = "pos.refund_changed"
    title = "The amount has changed"


class RefundTenderWrong(InvalidInput):
    """Another amount is to go back than what is due, or more onto a card than it paid; `extra` says by how much."""

    code = "pos.refund_tender_wrong"
    title = "Not what is to be given back"
