"""One change to many variants: each is changed, or left as it is with the reason."""

from typing import Literal

from mainstay.errors import VersionConflict
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.errors import InvalidProduct
from tradepost.catalog.repository import products as repository
from tradepost.catalog.schemas import (
    MOST_TAGS,
    AddTag,
    BulkIn,
    BulkItemIn,
    BulkItemOut,
    BulkOut,
    ProductPatch,
    RemoveTag,
    SetActive,
    SetTaxRate,
    VariantPatch,
)
from tradepost.catalog.service import products

Change = SetActive | SetTaxRate | AddTag | RemoveTag


async def change_variants(uow: UnitOfWork, wanted: BulkIn) -> BulkOut:
    """Change each variant whose version is the one that was read, and return what became of each."""
    ids = [item.id for item in wanted.items]
    await repository.lock_products_of(uow, ids)
    # Each is named once, and nobody else changes it from here on.
    present = await repository.lock_variants(uow, ids)
    return BulkOut(items=[await _change(uow, item, present.get(item.id), wanted.change) for item in wanted.items])


async def _change(uow: UnitOfWork, item: BulkItemIn, known: Row | None, change: Change) -> BulkItemOut:
    if known is None:
        return BulkItemOut(
            id=item.id,
            outcome="unknown",
            version=None,
            code="catalog.unknown_variant",
            detail="There is no such variant.",
        )
    try:
        if isinstance(change, AddTag | RemoveTag):
            return await _tag(uow, item, known, change)
        return await _set(uow, item, known, change)
    except InvalidProduct as refusal:
        return _left(known, "refused", refusal.code, refusal.detail)


async def _set(uow: UnitOfWork, item: BulkItemIn, known: Row, change: SetActive | SetTaxRate) -> BulkItemOut:
    value = change.model_dump(exclude={"kind"})
    if all(known[field] == wanted for field, wanted in value.items()):
        return BulkItemOut(id=item.id, outcome="unchanged", version=known["version"])
    if known["version"] != item.version:
        return _conflict(known)
    changed = await products.change_variant(uow, item.id, VariantPatch(version=item.version, **value))
    return BulkItemOut(id=item.id, outcome="changed", version=changed.version)


async def _tag(uow: UnitOfWork, item: BulkItemIn, known: Row, change: AddTag | RemoveTag) -> BulkItemOut:
    product = await products.get_product(uow, known["product_id"])
    is_tagged = change.tag in product.tags
    if is_tagged == isinstance(change, AddTag):
        return BulkItemOut(id=item.id, outcome="unchanged", version=known["version"])
    if known["version"] != item.version:
        return _conflict(known)
    others = [tag for tag in product.tags if tag != change.tag]
    tags = [*others, change.tag] if isinstance(change, AddTag) else others
    if len(tags) > MOST_TAGS:
        raise InvalidProduct(f"A product has at most {MOST_TAGS} tags.")
    await products.change_product(uow, product.id, ProductPatch(version=product.version, tags=tags))
    return BulkItemOut(id=item.id, outcome="changed", version=known["version"])


def _conflict(known: Row) -> BulkItemOut:
    """Return that somebody was first; what they did is told to who changes this one alone."""
    detail = "Somebody else has changed this since you opened it; compare and save again."
    return _left(known, "conflict", VersionConflict.code, detail)


def _left(known: Row, outcome: Literal["conflict", "refused"], code: str, detail: str) -> BulkItemOut:
    return BulkItemOut(id=known["id"], outcome=outcome, version=known["version"], code=code, detail=detail)
