"""What a row of a file means for the catalogue: a new variant, a change, nothing, or a reason to reject it.

A variant is recognised by its barcode, then by its SKU, then by Shopify's handle and options; what has no code at all
by its name. What a cell leaves empty stays as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from mainstay import ids
from mainstay.work import Row
from tradepost.catalog.codes import folding
from tradepost.catalog.codes.gtin import Code, printed_code
from tradepost.catalog.repository.matching import Keys, ProductFacts
from tradepost.catalog.service.entry import Offer, Terms
from tradepost.catalog.sheet.row import SheetRow, Unreadable

# A price with so many decimals may be one with grouped thousands, unless the currency has them.
DOUBTFUL_DECIMALS = 3
# What counts a row as a change of its variant.
CHANGING = ("sku", "options", "price", "cost", "tax_rate", "unit", "is_active")


@dataclass(slots=True, eq=False)
class Product:
    """A product while a batch is decided."""

    facts: ProductFacts
    is_new: bool
    variants: list["Variant"] = field(default_factory=list)
    is_changed: bool = False
    is_renamed: bool = False

    def take(self, row: SheetRow) -> bool:
        """Take what a row says of the product, where it says something, and say whether that is news."""
        given = {
            "name": row.name,
            "description": row.description,
            "vendor": row.vendor,
            "tags": row.tags,
            "handle": row.handle,
        }
        changes = {name: value for name, value in given.items() if value and value != getattr(self.facts, name)}
        self.facts = replace(self.facts, **changes)  # type: ignore[arg-type]  # each value has its field's type
        self.is_changed = self.is_changed or bool(changes)
        self.is_renamed = self.is_renamed or "name" in changes
        return bool(changes)


@dataclass(slots=True, eq=False)
class Variant:
    """A variant while a batch is decided; `row` is the one that it is in this file.

    `is_changed` says that its own content differs, `is_touched` that the row brought any news at all.
    """

    product: Product
    position: int
    offer: Offer
    codes: list[Code]
    next_code: int
    is_new: bool
    row: int | None = None
    is_changed: bool = False
    is_touched: bool = False
    new_codes: list[tuple[int, Code]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name with the options."""
        return folding.display_name(self.product.facts.name, self.offer.options)

    def add_code(self, code: Code) -> None:
        """Give the variant one more barcode."""
        self.new_codes.append((self.next_code, code))
        self.codes.append(code)
        self.next_code += 1


class Batch:
    """Some rows beside what the catalogue knows of them; `decide` each row in order, then write what came of it."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._by_barcode: dict[str, Variant] = {}
        self._by_sku: dict[str, Variant] = {}
        self._by_name: dict[str, Variant] = {}
        self._by_handle: dict[str, Product] = {}
        self._by_options: dict[tuple[UUID, str], Variant] = {}
        self.products: dict[UUID, Product] = {}
        self.variants: dict[UUID, Variant] = {}

    @staticmethod
    def keys(rows: Iterable[SheetRow]) -> Keys:
        """Return what the rows can be recognised by."""
        wanted = list(rows)
        return Keys(
            barcodes=[row.code.key for row in wanted if row.code],
            skus=[folding.sku_key(row.sku) for row in wanted if row.sku],
            handles=list({row.handle for row in wanted if row.handle}),
            names=[folding.name_key(row.name) for row in wanted if _has_name_only(row)],
        )

    def know(self, matches: Sequence[Row], products: Sequence[Row], variants: Sequence[Row]) -> None:
        """Take in what the catalogue knows."""
        for row in products:
            self.products[row["id"]] = Product(ProductFacts(**row), is_new=False)
        for row in variants:
            self._know_variant(row)
        maps = {"barcode": self._by_barcode, "sku": self._by_sku, "name": self._by_name}
        for match in matches:
            if match["how"] == "handle":
                self._by_handle[match["key"]] = self.products[match["id"]]
            else:
                maps[match["how"]][match["key"]] = self.variants[match["id"]]

    def decide(self, row: SheetRow) -> Variant | None:
        """Return the variant that a row is, new or present, with what the row changes; None when it is rejected."""
        try:
            found = self._find(row)
            if found is not None and found.row is not None:
                raise Unreadable("duplicate_in_file", f"The same product stands in row {found.row} already.")
            offer = self._offer(row, found)
            self._check(row, offer)
        except Unreadable as failure:
            row.problem = failure.notice
            return None
        variant = self._add(row, offer) if found is None else self._change(row, found, offer)
        variant.row = row.number
        self._register(row, variant)
        return variant

    def _know_variant(self, row: Row) -> None:
        product = self.products[row["product_id"]]
        offer = Offer(
            **{name: row[name] for name in ("id", *CHANGING, "quantity_step", "version")},
        )
        codes = [printed_code(code) for code in row["codes"]]
        following = 0 if row["last_code"] is None else row["last_code"] + 1
        variant = Variant(product, row["position"], offer, codes, following, is_new=False, row=row["taken_by"])
        product.variants.append(variant)
        self.variants[offer.id] = variant
        self._by_options[product.facts.id, row["options_key"]] = variant

    def _find(self, row: SheetRow) -> Variant | None:
        by_barcode = self._by_barcode.get(row.code.key) if row.code else None
        by_sku = self._by_sku.get(folding.sku_key(row.sku)) if row.sku else None
        if by_barcode is not None and by_sku is not None and by_barcode is not by_sku:
            raise Unreadable(
                "ambiguous_codes", f"The barcode belongs to {by_barcode.name}, but the SKU to {by_sku.name}."
            )
        found = by_barcode or by_sku
        if found is None and row.handle in self._by_handle:
            product = self._by_handle[row.handle]
            found = self._by_options.get((product.facts.id, folding.options_key(row.options)))
        if found is None and _has_name_only(row):
            found = self._by_name.get(folding.name_key(row.name))
        return found

    def _offer(self, row: SheetRow, found: Variant | None) -> Offer:
        """Return how the row's variant is to be sold."""
        present = found.offer if found else None
        unit = row.unit or (present.unit if present else "piece")
        rate = row.tax_rate if row.tax_rate is not None else (present.tax_rate if present else self._terms.tax_rates[0])
        if row.lacks_tax_rate and present is None:
            row.warn("missing_tax_rate", f"The row names no tax rate; {rate} % was taken.")
        return Offer(
            id=present.id if present else ids.new_id(),
            sku=row.sku or (present.sku if present else None),
            options=row.options or (present.options if present else {}),
            price=row.price,
            cost=row.cost if row.cost is not None else (present.cost if present else None),
            tax_rate=rate,
            unit=unit,
            quantity_step=present.quantity_step if present and present.unit == unit else _step(unit),
            is_active=row.is_active if row.is_active is not None else (present.is_active if present else True),
            version=present.version if present else 1,
        )

    def _check(self, row: SheetRow, offer: Offer) -> None:
        """Refuse what the business does not allow."""
        terms = self._terms
        if row.doubt is not None and offer.unit == "piece" and terms.exponent < DOUBTFUL_DECIMALS:
            raise Unreadable(row.doubt.code, row.doubt.sentence)
        cost_problem = terms.cost_problem(offer.cost) if offer.cost is not None else None
        if problem := terms.price_problem(offer.price, offer.unit) or cost_problem:
            raise Unreadable("too_many_decimals", problem)
        if problem := terms.rate_problem(offer.tax_rate):
            raise Unreadable("unknown_tax_rate", problem)
        if offer.unit == "piece" and row.quantity is not None and row.quantity % 1:
            raise Unreadable("invalid_quantity", f"The quantity {row.quantity} is not whole, but pieces are.")

    def _add(self, row: SheetRow, offer: Offer) -> Variant:
        product = self._by_handle.get(row.handle) if row.handle else None
        if product is None:
            facts = ProductFacts(
                id=ids.new_id(),
                name=row.name,
                description=row.description or "",
                vendor=row.vendor,
                tags=row.tags or [],
                handle=row.handle,
                version=1,
            )
            product = Product(facts, is_new=True)
            self.products[facts.id] = product
        else:
            product.take(row)
        position = 1 + max((variant.position for variant in product.variants), default=-1)
        variant = Variant(product, position, offer, [], 0, is_new=True)
        product.variants.append(variant)
        self.variants[offer.id] = variant
        if row.code:
            variant.add_code(row.code)
        return variant

    def _change(self, row: SheetRow, variant: Variant, offer: Offer) -> Variant:
        product, present = variant.product, variant.offer
        is_own = self._owns(row, product)
        variant.is_touched = is_own and product.take(row)
        other = self._by_options.get((product.facts.id, folding.options_key(offer.options)))
        if not is_own or other not in {None, variant}:
            # The options tell the variants of a product apart: a row of another product has no say in them.
            offer = replace(offer, options=present.options)
        variant.is_changed = any(getattr(offer, name) != getattr(present, name) for name in CHANGING)
        if variant.is_changed:
            self._by_options.pop((product.facts.id, folding.options_key(present.options)), None)
            self._by_sku.pop(folding.sku_key(present.sku), None)
            variant.offer = offer
        if row.code and row.code.key not in {code.key for code in variant.codes}:
            variant.add_code(row.code)
        variant.is_touched = variant.is_touched or variant.is_changed or bool(variant.new_codes)
        return variant

    def _owns(self, row: SheetRow, product: Product) -> bool:
        """Say whether a row speaks for the whole product: it is its own, or the product has nothing else."""
        if row.handle is not None and row.handle in self._by_handle:
            return self._by_handle[row.handle] is product
        return product.facts.handle is None and len(product.variants) == 1 and not product.variants[0].offer.options

    def _register(self, row: SheetRow, variant: Variant) -> None:
        """Let later rows of the batch see what this one did."""
        for code in variant.codes:
            self._by_barcode[code.key] = variant
        if variant.offer.sku:
            self._by_sku[folding.sku_key(variant.offer.sku)] = variant
        if _has_name_only(row):
            self._by_name[folding.name_key(row.name)] = variant
        if variant.product.facts.handle:
            self._by_handle[variant.product.facts.handle] = variant.product
        self._by_options[variant.product.facts.id, folding.options_key(variant.offer.options)] = variant


def _has_name_only(row: SheetRow) -> bool:
    return row.code is None and row.sku is None and row.handle is None


def _step(unit: str) -> Decimal:
    return Decimal(1) if unit == "piece" else Decimal("0.001")
