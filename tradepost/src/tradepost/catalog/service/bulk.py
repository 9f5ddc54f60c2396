"""One change to many variants: each is changed, or left as it is with the reason."""

from uuid import UUID

from mainstay.bulk.outcomes import Outcomes
from mainstay.bulk.schemas import BulkOut, SeenItemIn
from mainstay.versioned import Attempt
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.errors import InvalidProduct, UnknownVariant
from tradepost.catalog.repository import products as repository
from tradepost.catalog.schemas import (
    MOST_TAGS,
    AddTag,
    ProductPatch,
    RemoveTag,
    SetActive,
    SetTaxRate,
    VariantPatch,
    VariantsBulkIn,
)
from tradepost.catalog.service import products


async def change_variants(uow: UnitOfWork, wanted: VariantsBulkIn) -> BulkOut:
    """Change each variant whose version is the one that was read, and return what became of each."""
    ids = [item.id for item in wanted.items]
    await repository.lock_products_of(uow, ids)
    # Each is named once, and nobody else changes it from here on.
    present = await repository.lock_variants(uow, ids)
    versions = {key: row["version"] for key, row in present.items()}
    outcomes = Outcomes[UUID, SeenItemIn](wanted, versions, UnknownVariant("There is no such variant."))

    async def change(item: SeenItemIn) -> None:
        if isinstance(wanted.change, AddTag | RemoveTag):
            version = await _tag(uow, item, present[item.id], wanted.change)
        else:
            version = await _set(uow, item, present[item.id], wanted.change)
        if version is not None:
            outcomes.changed({item.id: version})

    await outcomes.each(uow, change)
    return outcomes.answer(BulkOut)


async def _set(uow: UnitOfWork, item: SeenItemIn, known: Row, change: SetActive | SetTaxRate) -> int | None:
    """Return the new version; None when it is so already."""
    value = change.model_dump(exclude={"kind"})
    if all(known[field] == wanted for field, wanted in value.items()):
        return None
    return (await products.change_variant(uow, item.id, VariantPatch(version=item.version, **value))).version


async def _tag(uow: UnitOfWork, item: SeenItemIn, known: Row, change: AddTag | RemoveTag) -> int | None:
    """Return the version, which is the variant's and stays; None when its product is so already."""
    product = await products.get_product(uow, known["product_id"])
    if (change.tag in product.tags) == isinstance(change, AddTag):
        return None
    if known["version"] != item.version:
        raise await products.conflict_of(uow, Attempt(item.id, item.version, {}))
    others = [tag for tag in product.tags if tag != change.tag]
    tags = [*others, change.tag] if isinstance(change, AddTag) else others
    if len(tags) > MOST_TAGS:
        raise InvalidProduct(f"A product has at most {MOST_TAGS} tags.")
    await products.change_product(uow, product.id, ProductPatch(version=product.version, tags=tags))
    return item.version
