"""What happens at a till."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class RegisterAdded(Event):
    """A till was set up."""

    name: ClassVar[str] = "pos.register_added"
    register_id: UUID
    store_id: UUID
    code: str


class RegisterArchived(Event):
    """A till was given up."""

    name: ClassVar[str] = "pos.register_archived"
    register_id: UUID


class ShiftOpened(Event):
    """A register was opened with a float."""

    name: ClassVar[str] = "pos.shift_opened"
    shift_id: UUID
    register_id: UUID
    float_minor: int
    currency: str


class ShiftClosed(Event):
    """A register was closed with a count."""

    name: ClassVar[str] = "pos.shift_closed"
    shift_id: UUID
    register_id: UUID
    counted_minor: int
    expected_minor: int
    difference_minor: int
    currency: str


class SaleCompleted(Event):
    """A sale was completed; the receipt number is filled in by the statement that takes it."""

    name: ClassVar[str] = "pos.sale_completed"
    sale_id: UUID
    register_id: UUID
    shift_id: UUID
    store_id: UUID
    business_day: date
    total_minor: int
    currency: str
    receipt_number: str = ""


class SaleRefunded(Event):
    """Money was given back for goods of a sale; the day and the shift are those of the refund."""

    name: ClassVar[str] = "pos.sale_refunded"
    refund_id: UUID
    sale_id: UUID
    register_id: UUID
    shift_id: UUID
    store_id: UUID
    business_day: date
    total_minor: int
    currency: str
    receipt_number: str
