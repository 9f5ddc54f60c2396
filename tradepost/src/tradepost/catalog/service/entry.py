"""What may be entered for a product: prices, tax rates and barcodes (rules 2, 26 and 28)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from mainstay.errors import FieldProblem
from mainstay.work import UnitOfWork
from tradepost.catalog.codes import folding
from tradepost.catalog.codes.gtin import Code, InvalidCode, typed_code
from tradepost.catalog.errors import InvalidProduct
from tradepost.catalog.repository.products import VariantRecord
from tradepost.catalog.schemas import PRICE_PLACES
from tradepost.shop import api as shop

# By so many digits a price per measure, or a cost, may be finer than the smallest coin (rule 2).
EXTRA_PLACES = 4
WHOLE_UNIT = "piece"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the business allows: the decimals of its currency and its tax rates, the one that holds by default first."""

    currency: str
    exponent: int
    tax_rates: tuple[Decimal, ...]

    def price_problem(self, price: Decimal, unit: str) -> str | None:
        """Return why `price` cannot be the price of a `unit`, or None."""
        if unit == WHOLE_UNIT and _places(price) > self.exponent:
            return f"A price per piece in {self.currency} has at most {self.exponent} decimals."
        return self.cost_problem(price)

    def cost_problem(self, cost: Decimal) -> str | None:
        """Return why `cost`, or a price per measure, is too fine, or None."""
        most = min(self.exponent + EXTRA_PLACES, PRICE_PLACES)
        return f"There may be at most {most} decimals." if _places(cost) > most else None

    def rate_problem(self, rate: Decimal) -> str | None:
        """Return why `rate` cannot be used, or None."""
        if rate in self.tax_rates:
            return None
        known = ", ".join(f"{rate} %" for rate in self.tax_rates)
        return f"The business has no tax rate of {rate} %; it has {known}. Add the rate to the business first."


async def terms(uow: UnitOfWork) -> Terms:
    """Return what the business allows. Raises shop's NotSetUp."""
    business = await shop.business(uow)
    return Terms(business.currency, business.currency_exponent, await shop.tax_rates(uow))


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as it was entered, not yet checked."""

    id: UUID
    sku: str | None
    options: Mapping[str, str]
    price: Decimal
    cost: Decimal | None
    tax_rate: Decimal
    unit: str
    quantity_step: Decimal
    is_active: bool
    version: int = 1


def check_offers(
    offers: Sequence[Offer], barcodes: Sequence[Sequence[str]], terms: Terms, prefix: str = "variants.{}."
) -> list[list[Code]]:
    """Return the codes for the `barcodes` of each offer. Raises InvalidProduct that lists all that is wrong.

    `prefix` is the path of an offer's fields in the input.
    """
    problems: list[FieldProblem] = []
    codes: list[list[Code]] = []
    for place, (offer, texts) in enumerate(zip(offers, barcodes, strict=True)):
        path = prefix.format(place)
        problems += _value_problems(offer, terms, path)
        codes.append(_codes(texts, problems, path))
    problems += _repeated([[code.key for code in own] for own in codes], prefix, "barcodes")
    problems += _repeated([[folding.sku_key(offer.sku)] if offer.sku else [] for offer in offers], prefix, "sku")
    problems += _repeated([[folding.options_key(offer.options)] for offer in offers], prefix, "options")
    if problems:
        raise InvalidProduct(problems[0].message, errors=problems)
    return codes


def record(product_id: UUID, product_name: str, position: int, offer: Offer, codes: Sequence[Code]) -> VariantRecord:
    """Return a checked offer as it is stored, with all that is derived from it."""
    name = folding.display_name(product_name, offer.options)
    return VariantRecord(
        id=offer.id,
        product_id=product_id,
        position=position,
        name=name,
        name_key=folding.name_key(name),
        search=folding.search_text(name, offer.sku, [code.code for code in codes]),
        sku=offer.sku,
        sku_key=folding.sku_key(offer.sku),
        barcode=codes[0].code if codes else None,
        options=offer.options,
        options_key=folding.options_key(offer.options),
        price=offer.price,
        cost=offer.cost,
        tax_rate=offer.tax_rate,
        unit=offer.unit,
        quantity_step=offer.quantity_step,
        is_active=offer.is_active,
        version=offer.version,
    )


def _value_problems(offer: Offer, terms: Terms, path: str) -> list[FieldProblem]:
    step_is_wrong = offer.unit == WHOLE_UNIT and _places(offer.quantity_step) > 0
    found = {
        "price": ("too_many_decimals", terms.price_problem(offer.price, offer.unit)),
        "cost": ("too_many_decimals", terms.cost_problem(offer.cost) if offer.cost is not None else None),
        "tax_rate": ("unknown_tax_rate", terms.rate_problem(offer.tax_rate)),
        "quantity_step": ("not_whole", "Pieces are sold whole; give a whole step." if step_is_wrong else None),
    }
    return [FieldProblem(f"{path}{field}", code, message) for field, (code, message) in found.items() if message]


def _codes(texts: Sequence[str], problems: list[FieldProblem], path: str) -> list[Code]:
    codes = []
    for place, text in enumerate(texts):
        try:
            codes.append(typed_code(text))
        except InvalidCode as failure:
            problems.append(FieldProblem(f"{path}barcodes.{place}", failure.code, str(failure)))
    return codes


def _repeated(keys: Sequence[Sequence[str]], prefix: str, field: str) -> list[FieldProblem]:
    """Return a problem for every key that stands twice in one product."""
    seen: set[str] = set()
    problems = []
    for place, own in enumerate(keys):
        for key in own:
            if key in seen:
                message = f"The {field.rstrip('s')} {key} stands here twice." if field != "options" else _SAME_OPTIONS
                problems.append(FieldProblem(f"{prefix.format(place)}{field}", "duplicate", message))
            seen.add(key)
    return problems


_SAME_OPTIONS = "Two variants of a product must differ in their options."


def _places(value: Decimal) -> int:
    """Return the number of decimals; zeros at the end do not count."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
