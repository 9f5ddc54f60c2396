"""Taking imported rows into the catalogue, batch by batch, each written as sets (rule 35)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.catalog.codes.folding import vocabulary
from tradepost.catalog.repository import matching, upkeep
from tradepost.catalog.repository import products as repository
from tradepost.catalog.repository.matching import Item, ReportRow
from tradepost.catalog.service.deciding import Batch, Variant
from tradepost.catalog.service.entry import Terms, record
from tradepost.catalog.sheet.row import SheetRow

# So many new variants change what the planner should know.
MANY = 1000


class Collision(Exception):
    """Somebody changed the same products meanwhile; the import is to be run again from its start."""


@dataclass(slots=True)
class Counts:
    """What became of the rows so far; a row that only belongs to the product above is accepted and nothing else."""

    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_warned: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0


class Importing:
    """An import on its way through the catalogue; `words` are those in the names of the last batch."""

    def __init__(self, uow: UnitOfWork, import_id: UUID, terms: Terms) -> None:
        self._uow = uow
        self._import_id = import_id
        self._terms = terms
        self.counts = Counts()
        self.words: set[str] = set()

    async def take(self, rows: Sequence[SheetRow]) -> None:
        """Take the next rows. Raises Collision."""
        sellable = [row for row in rows if row.problem is None and not row.is_part]
        batch = await self._known(sellable)
        decided = [(row, batch.decide(row)) for row in sellable]
        found = [(row, variant) for row, variant in decided if variant is not None]
        self._count(rows, found)
        await self._write_products(batch)
        await self._write_variants(batch)
        items = [Item(variant.offer.id, row.number, row.quantity) for row, variant in found]
        if items:
            await matching.add_items(self._uow, self._import_id, items)
        report = [_report_row(row) for row in rows if row.problem is not None or row.warnings]
        if report:
            await matching.add_rows(self._uow, self._import_id, report)

    async def finish(self) -> None:
        """Do what is worth doing once at the end."""
        if self.counts.created >= MANY:
            await upkeep.note_growth(self._uow)

    async def _known(self, rows: Sequence[SheetRow]) -> Batch:
        batch = Batch(self._terms)
        if not rows:
            return batch
        found = await matching.matches(self._uow, batch.keys(rows))
        if found:
            handles = {match["id"] for match in found if match["how"] == "handle"}
            others = {match["id"] for match in found if match["how"] != "handle"}
            products = await matching.products(self._uow, handles, others)
            variants = await matching.variants(self._uow, [row["id"] for row in products], self._import_id)
            batch.know(found, products, variants)
        return batch

    def _count(self, rows: Sequence[SheetRow], found: Iterable[tuple[SheetRow, Variant]]) -> None:
        counts = self.counts
        counts.rows_read += len(rows)
        rejected = sum(row.problem is not None for row in rows)
        counts.rows_rejected += rejected
        counts.rows_accepted += len(rows) - rejected
        counts.rows_warned += sum(row.problem is None and bool(row.warnings) for row in rows)
        for _, variant in found:
            if variant.is_new:
                counts.created += 1
            elif variant.is_touched:
                counts.updated += 1
            else:
                counts.unchanged += 1

    async def _write_products(self, batch: Batch) -> None:
        added = [product.facts for product in batch.products.values() if product.is_new]
        changed = [product.facts for product in batch.products.values() if product.is_changed and not product.is_new]
        if changed:
            _expect(await matching.change_products(self._uow, changed), len(changed))
        if added:
            _expect(await matching.add_products(self._uow, added), len(added))

    async def _write_variants(self, batch: Batch) -> None:
        """Write changes before additions, so that what they give up can be taken."""
        variants = batch.variants.values()
        changed = [each for each in variants if not each.is_new and (each.is_changed or each.new_codes)]
        renamed = [
            each
            for each in variants
            if each.product.is_renamed and not (each.is_new or each.is_changed or each.new_codes)
        ]
        added = [each for each in variants if each.is_new]
        self.words = set().union(*(vocabulary(each.name) for each in (*added, *changed, *renamed)))
        for group, is_new_version in ((changed, True), (renamed, False)):
            if group:
                records = [_record(each) for each in group]
                written = await repository.change_variants(self._uow, records, is_new_version=is_new_version)
                _expect(written, len(group))
        if added:
            _expect(len(await repository.add_variants(self._uow, [_record(each) for each in added])), len(added))
        codes = [(each.offer.id, position, code) for each in variants for position, code in each.new_codes]
        _expect(len(await repository.add_barcodes(self._uow, codes)), len(codes))


def _record(variant: Variant) -> repository.VariantRecord:
    facts = variant.product.facts
    return record(facts.id, facts.name, variant.position, variant.offer, variant.codes)


def _report_row(row: SheetRow) -> ReportRow:
    # The database keeps no NUL; the sign for it shows where it was.
    cells = [cell.replace("\0", "␀") for cell in row.cells]
    if row.problem is not None:
        return ReportRow(row.number, "rejected", row.problem.code, row.problem.sentence, cells)
    reason = " ".join(warning.sentence for warning in row.warnings)
    return ReportRow(row.number, "warned", row.warnings[0].code, reason, cells)


def _expect(written: int, wanted: int) -> None:
    if written != wanted:
        raise Collision(f"{wanted - written} of {wanted} rows were changed by somebody else meanwhile")
