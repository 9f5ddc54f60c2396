"""The receipt as plain text, 42 columns wide: what an 80 mm printer takes in its standard font."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from tradepost.money.currency import currency, format_minor
from tradepost.pos.schemas.refunds import RefundOut
from tradepost.pos.schemas.sales import SaleLineOut, SaleOut, SaleStoreOut

WIDTH = 42

Language = Literal["en", "ru"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "receipt": "Receipt",
        "cashier": "Cashier",
        "subtotal": "Subtotal",
        "discount": "Discount",
        "tax_included": "incl. tax",
        "tax_added": "tax",
        "of": "of",
        "total": "TOTAL",
        "rounding": "Cash rounding",
        "payable": "TO PAY",
        "cash": "Cash",
        "card": "Card",
        "change": "Change",
        "journal": "Journal",
        "refund": "Refund",
        "of_receipt": "of receipt",
        "reason": "Reason",
        "refunded": "REFUND",
        "paid_out": "PAID OUT",
        "damaged": "damaged",
    },
    "ru": {
        "receipt": "Чек",
        "cashier": "Кассир",
        "subtotal": "Подытог",
        "discount": "Скидка",
        "tax_included": "вкл. налог",
        "tax_added": "налог",
        "of": "с",
        "total": "ИТОГО",
        "rounding": "Округление наличных",
        "payable": "К ОПЛАТЕ",
        "cash": "Наличные",
        "card": "Карта",
        "change": "Сдача",
        "journal": "Журнал",
        "refund": "Возврат",
        "of_receipt": "по чеку",
        "reason": "Причина",
        "refunded": "ВОЗВРАТ",
        "paid_out": "К ВЫДАЧЕ",
        "damaged": "повреждено",
    },
}


def receipt_text(sale: SaleOut, language: Language) -> str:
    """Return the receipt as lines of at most 42 characters; both totals stand there when cash was rounded (rule 8)."""
    return "\n".join(line.rstrip() for line in _lines(sale, _WORDS[language])) + "\n"


def refund_text(refund: RefundOut, language: Language) -> str:
    """Return the receipt of a refund as lines of at most 42 characters; amounts are what was given back."""
    return "\n".join(line.rstrip() for line in _refund_lines(refund, _WORDS[language])) + "\n"


def _refund_lines(refund: RefundOut, words: dict[str, str]) -> Iterator[str]:
    unit = currency(refund.currency)
    yield from _head(refund.store)
    moment = refund.refunded_at.astimezone(ZoneInfo(refund.store.time_zone))
    yield _pair(f"{words['refund']} {refund.receipt_number}", f"{moment:%Y-%m-%d %H:%M}")
    yield f"  {words['of_receipt']} {refund.sale_receipt_number}"
    yield _pair(refund.register_name, f"{words['cashier']} {refund.cashier_name}")
    yield "-" * WIDTH
    for line in refund.lines:
        yield from _wrap(line.name)
        goods = f" ({words['damaged']})" if line.goods == "damaged" else ""
        amount = f"  {_plain(line.quantity)}{'' if line.unit == 'piece' else ' ' + line.unit}{goods}"
        yield _pair(amount, format_minor(line.total_minor, unit))
    yield "-" * WIDTH
    yield from _taxes(refund, words)
    yield _pair(f"{words['refunded']} {refund.currency}", format_minor(refund.total_minor, unit))
    if refund.cash_rounding_minor:
        yield _pair(words["rounding"], format_minor(refund.cash_rounding_minor, unit))
        yield _pair(f"{words['paid_out']} {refund.currency}", format_minor(refund.payable_minor, unit))
    yield from _tenders(refund, words)
    yield from _wrap(f"{words['reason']}: {refund.reason}")
    yield from _foot(refund, words)


def _head(store: SaleStoreOut) -> Iterator[str]:
    for text in (store.name, *store.receipt_header):
        yield from (part.center(WIDTH) for part in _wrap(text))
    yield ""


def _taxes(document: SaleOut | RefundOut, words: dict[str, str]) -> Iterator[str]:
    unit = currency(document.currency)
    kind = words["tax_included"] if document.prices_include_tax else words["tax_added"]
    for tax in document.taxes:
        base = f"{kind} {_plain(tax.rate)} % {words['of']} {format_minor(tax.net_minor, unit)}"
        yield _pair(base, format_minor(tax.tax_minor, unit))


def _tenders(document: SaleOut | RefundOut, words: dict[str, str]) -> Iterator[str]:
    for tender in document.tenders:
        card = f" {tender.card_brand or ''} {'…' + tender.card_last4 if tender.card_last4 else ''}".rstrip()
        yield _pair(words[tender.kind] + card, format_minor(tender.amount_minor, currency(document.currency)))


def _foot(document: SaleOut | RefundOut, words: dict[str, str]) -> Iterator[str]:
    yield ""
    yield f"{words['journal']} {document.journal.sequence} {document.journal.hash[:16]}"
    for text in document.store.receipt_footer:
        yield from (part.center(WIDTH) for part in _wrap(text))


def _lines(sale: SaleOut, words: dict[str, str]) -> Iterator[str]:
    unit = currency(sale.currency)
    yield from _head(sale.store)
    sold_at = sale.sold_at.astimezone(ZoneInfo(sale.store.time_zone))
    yield _pair(f"{words['receipt']} {sale.receipt_number}", f"{sold_at:%Y-%m-%d %H:%M}")
    yield _pair(sale.register_name, f"{words['cashier']} {sale.cashier_name}")
    yield "-" * WIDTH
    for line in sale.lines:
        yield from _item(line, sale, words)
    yield "-" * WIDTH
    if sale.discount_minor:
        yield _pair(words["subtotal"], format_minor(sale.subtotal_minor, unit))
        yield _pair(words["discount"], format_minor(-sale.discount_minor, unit))
    yield from _taxes(sale, words)
    yield _pair(f"{words['total']} {sale.currency}", format_minor(sale.total_minor, unit))
    if sale.cash_rounding_minor:
        yield _pair(words["rounding"], format_minor(sale.cash_rounding_minor, unit))
        yield _pair(f"{words['payable']} {sale.currency}", format_minor(sale.payable_minor, unit))
    yield from _tenders(sale, words)
    if sale.change_minor:
        yield _pair(words["change"], format_minor(sale.change_minor, unit))
    yield from _foot(sale, words)


def _item(line: SaleLineOut, sale: SaleOut, words: dict[str, str]) -> Iterator[str]:
    unit = currency(sale.currency)
    yield from _wrap(line.name)
    amount = (
        f"  {_plain(line.quantity)} {'' if line.unit == 'piece' else line.unit + ' '}x {_price(line.unit_price, sale)}"
    )
    yield _pair(amount, format_minor(line.list_minor, unit))
    if line.discount_minor or line.ticket_discount_minor:
        given = line.discount_minor + line.ticket_discount_minor
        yield _pair(f"  {words['discount']}", format_minor(-given, unit))


def _price(price: Decimal, sale: SaleOut) -> str:
    """Write a unit price with at least the currency's decimals: 2.5 as 2.50, 0.0375 as it is."""
    places = max(currency(sale.currency).exponent, -int(price.normalize().as_tuple().exponent))
    return f"{price:.{places}f}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _pair(left: str, right: str) -> str:
    room = WIDTH - len(right) - 1
    return f"{left[:room]:<{room}} {right}"


def _wrap(text: str) -> Iterator[str]:
    """Break at spaces where possible; no character is lost."""
    rest = text
    while len(rest) > WIDTH:
        cut = rest.rfind(" ", 0, WIDTH + 1)
        cut = cut if cut > 0 else WIDTH
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest
