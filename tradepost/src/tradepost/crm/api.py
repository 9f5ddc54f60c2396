"""The front door of contacts for other modules: whole contacts in the neutral form, in and out."""

from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.repository.search import Wanted
from tradepost.crm.service.records import import_records, of_uids, problems, record_page, records, records_of

__all__ = [
    "ContactRecord",
    "Wanted",
    "import_records",
    "of_uids",
    "problems",
    "record_page",
    "records",
    "records_of",
]
