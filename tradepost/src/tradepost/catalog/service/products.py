"""Products: created whole and once, read, and changed by those who know the version they change (rule 36)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import asyncpg
import orjson

from mainstay.errors import JsonValue, VersionConflict
from mainstay.messages.audit import Entry
from mainstay.three_way import given
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.codes.gtin import Code, printed_code
from tradepost.catalog.errors import BarcodeTaken, IdReused, OptionsTaken, SkuTaken, UnknownProduct, UnknownVariant
from tradepost.catalog.events import PriceChanged, ProductChanged, ProductCreated
from tradepost.catalog.permissions import READ_COST
from tradepost.catalog.repository import products as repository
from tradepost.catalog.repository.products import ProductRecord, VariantRecord
from tradepost.catalog.schemas import ProductIn, ProductOut, ProductPatch, VariantOut, VariantPatch
from tradepost.catalog.service.entry import Offer, check_offers, record, terms

# What a product and a variant have that a person may change.
PRODUCT_FIELDS = ("name", "description", "vendor", "tags")
OFFER_FIELDS = ("sku", "options", "price", "cost", "tax_rate", "unit", "quantity_step", "is_active")


async def get_product(uow: UnitOfWork, product_id: UUID) -> ProductOut:
    """Return a product with its variants. Raises UnknownProduct."""
    return await _shown(uow, await _present(uow, product_id))


async def has_product(uow: UnitOfWork, product_id: UUID) -> bool:
    """Say whether there is such a product: all who see products see all of them."""
    return await repository.product(uow, product_id) is not None


async def create_product(uow: UnitOfWork, wanted: ProductIn) -> ProductOut:
    """Create a product, once: the same id and content again changes nothing (rule 18).

    Raises InvalidProduct, SkuTaken, BarcodeTaken, IdReused, NotAllowed for costs that the actor may not see.
    """
    if any(variant.cost is not None for variant in wanted.variants):
        uow.actor.demand(READ_COST)
    content_hash = _content_hash(wanted)
    allowed = await terms(uow)
    offers = [Offer(**variant.model_dump(exclude={"barcodes"})) for variant in wanted.variants]
    codes = check_offers(offers, [variant.barcodes for variant in wanted.variants], allowed)
    product = ProductRecord(wanted.id, wanted.name, wanted.description, wanted.vendor, wanted.tags)
    if not await repository.add_product(uow, product, content_hash):
        known = await _present(uow, wanted.id)
        if known["content_hash"] != content_hash:
            raise IdReused("A product with this id and other content exists; nothing was changed.")
        return await _shown(uow, known)
    records = [
        record(wanted.id, wanted.name, position, offer, own)
        for position, (offer, own) in enumerate(zip(offers, codes, strict=True))
    ]
    await _add_variants(uow, records)
    await _add_barcodes(uow, {offer.id: own for offer, own in zip(offers, codes, strict=True)})
    uow.publish(ProductCreated(product_id=wanted.id))
    return await get_product(uow, wanted.id)


async def change_product(uow: UnitOfWork, product_id: UUID, patch: ProductPatch) -> ProductOut:
    """Change what belongs to all variants of a product. Raises UnknownProduct, VersionConflict."""
    known = await repository.lock_product(uow, product_id)
    if known is None:
        raise _unknown_product()
    if known["version"] != patch.version:
        attempt = Attempt(product_id, patch.version, given(patch))
        raise await conflict(uow, repository.PRODUCT, attempt)
    wanted = {field: known[field] for field in PRODUCT_FIELDS} | patch.model_dump(
        exclude_unset=True, exclude={"version"}
    )
    changed = tuple(field for field in PRODUCT_FIELDS if wanted[field] != known[field])
    if changed:
        await repository.change_product(uow, ProductRecord(product_id, **wanted))
        if "name" in changed:
            await rename_variants(uow, product_id, wanted["name"])
        uow.publish(ProductChanged(product_id=product_id, fields=changed))
    return await get_product(uow, product_id)


async def get_variant(uow: UnitOfWork, variant_id: UUID) -> VariantOut:
    """Return a variant with its barcodes. Raises UnknownVariant."""
    known = await repository.variant(uow, variant_id)
    if known is None:
        raise _unknown_variant()
    return _variant_out(uow, known)


async def change_variant(uow: UnitOfWork, variant_id: UUID, patch: VariantPatch) -> VariantOut:
    """Change one variant; its barcodes are replaced as a whole.

    Raises UnknownVariant, VersionConflict, InvalidProduct, SkuTaken, BarcodeTaken, OptionsTaken, and NotAllowed for a
    cost that the actor may not see.
    """
    if "cost" in patch.model_fields_set:
        uow.actor.demand(READ_COST)
    product, known = await _locked(uow, variant_id)
    if known["version"] != patch.version:
        raise await conflict_of(uow, Attempt(variant_id, patch.version, given(patch)))
    entered = patch.model_dump(exclude_unset=True, exclude={"version", "barcodes"})
    wanted = {field: known[field] for field in OFFER_FIELDS} | entered
    offer = Offer(id=variant_id, version=patch.version, **wanted)
    present = [printed_code(barcode["code"]) for barcode in known["barcodes"]]
    texts = patch.barcodes if "barcodes" in patch.model_fields_set else [code.code for code in present]
    codes = await _checked(uow, offer, texts, present)
    changed = [field for field in OFFER_FIELDS if wanted[field] != known[field]]
    if changed or codes != present:
        await _write_variant(uow, record(product["id"], product["name"], known["position"], offer, codes))
    if codes != present:
        changed.append("barcodes")
        await repository.remove_barcodes(uow, variant_id)
        await _add_barcodes(uow, {variant_id: codes})
    if changed:
        _announce(uow, known, offer, changed)
    return await get_variant(uow, variant_id)


async def conflict_of(uow: UnitOfWork, attempt: Attempt) -> VersionConflict:
    """Return what somebody is told whose change of a variant came too late."""
    hidden: dict[str, JsonValue] = {} if uow.actor.may(READ_COST.name) else {"cost": None}
    return await conflict(uow, repository.VARIANT, attempt, lambda facts: facts | hidden)


async def _checked(uow: UnitOfWork, offer: Offer, entered: Sequence[str], present: Sequence[Code]) -> list[Code]:
    """Return the codes that were entered; those the variant has already may be wrong, as an import found them."""
    kept = {code.code: code for code in present}
    texts = [text.strip() for text in entered]
    fresh = [text for text in texts if text not in kept]
    (checked,) = check_offers([offer], [fresh], await terms(uow), prefix="")
    known = kept | dict(zip(fresh, checked, strict=True))
    return list({known[text].key: known[text] for text in texts}.values())


async def _locked(uow: UnitOfWork, variant_id: UUID) -> tuple[Row, Row]:
    """Return a variant's product and the variant, both locked, the product first as everywhere."""
    seen = await repository.variant(uow, variant_id)
    product = await repository.lock_product(uow, seen["product_id"]) if seen else None
    if product is None:
        raise _unknown_variant()
    await repository.lock_variants(uow, [variant_id])
    known = await repository.variant(uow, variant_id)
    if known is None:
        raise _unknown_variant()
    return product, known


async def rename_variants(uow: UnitOfWork, product_id: UUID, name: str) -> None:
    """Derive the names of a product's variants anew; their own content, and so their version, stays."""
    present = await repository.variants(uow, product_id)
    await repository.lock_variants(uow, [row["id"] for row in present])
    renamed = [
        record(
            product_id,
            name,
            row["position"],
            Offer(id=row["id"], version=row["version"], **{field: row[field] for field in OFFER_FIELDS}),
            [printed_code(barcode["code"]) for barcode in row["barcodes"]],
        )
        for row in await repository.variants(uow, product_id)
    ]
    await repository.change_variants(uow, renamed, is_new_version=False)


async def _add_variants(uow: UnitOfWork, records: Sequence[VariantRecord]) -> None:
    added = await repository.add_variants(uow, records)
    refused = [record for record in records if record.id not in added]
    if refused:
        if await repository.variant_ids_in_use(uow, [record.id for record in refused]):
            raise IdReused("A variant with this id exists; nothing was changed.")
        raise await _sku_taken(uow, [record.sku_key for record in refused])


async def _write_variant(uow: UnitOfWork, changed: VariantRecord) -> None:
    owner = (await repository.sku_owners(uow, [changed.sku_key])).get(changed.sku_key)
    if owner and owner["variant_id"] != changed.id:
        raise await _sku_taken(uow, [changed.sku_key])
    try:
        await repository.change_variants(uow, [changed])
    except asyncpg.UniqueViolationError as failure:
        if failure.constraint_name == repository.UNIQUE_OPTIONS:
            raise OptionsTaken("Another variant of this product has the same options.") from failure
        raise SkuTaken(f"Another product has got the SKU {changed.sku} at this moment.") from failure


async def _add_barcodes(uow: UnitOfWork, codes: Mapping[UUID, Sequence[Code]]) -> None:
    wanted = [(variant, place, code) for variant, own in codes.items() for place, code in enumerate(own)]
    added = await repository.add_barcodes(uow, wanted)
    refused = [code for _, _, code in wanted if code.key not in added]
    if refused:
        owners = await repository.barcode_owners(uow, [code.key for code in refused])
        taken = [_owner(owners[code.key], code.code) for code in refused if code.key in owners]
        raise BarcodeTaken(_belongs("barcode", refused[0].code, taken), extra={"taken": taken})


async def _sku_taken(uow: UnitOfWork, keys: Iterable[str]) -> SkuTaken:
    owners = await repository.sku_owners(uow, [key for key in keys if key])
    taken = [_owner(owner, owner["sku"]) for owner in owners.values()]
    return SkuTaken(_belongs("SKU", "", taken), extra={"taken": taken})


def _belongs(what: str, code: str, taken: Sequence[Mapping[str, str]]) -> str:
    """Return whose the first of the codes is; whoever had it may have given it up a moment ago."""
    if not taken:
        return f"The {what} {code} was another product's until this moment; try again.".replace("  ", " ")
    return f"The {what} {taken[0]['code']} belongs to {taken[0]['name']}."


def _owner(row: Row, code: str) -> dict[str, str]:
    return {
        "code": code,
        "variant_id": str(row["variant_id"]),
        "product_id": str(row["product_id"]),
        "name": row["name"],
    }


def _announce(uow: UnitOfWork, known: Row, offer: Offer, changed: Sequence[str]) -> None:
    product_id = known["product_id"]
    uow.publish(ProductChanged(product_id=product_id, variant_id=known["id"], fields=tuple(changed)))
    if "price" in changed:
        uow.publish(
            PriceChanged(
                product_id=product_id,
                variant_id=known["id"],
                old_price=str(known["price"]),
                new_price=str(offer.price),
                currency=known["currency"],
            )
        )
        before, after = (
            {"price": str(price), "currency": known["currency"]} for price in (known["price"], offer.price)
        )
        uow.record(Entry("catalog.price_changed", "catalog.variant", known["id"], before, after))


async def _present(uow: UnitOfWork, product_id: UUID) -> Row:
    known = await repository.product(uow, product_id)
    if known is None:
        raise _unknown_product()
    return known


async def _shown(uow: UnitOfWork, product: Row) -> ProductOut:
    variants = [_variant_out(uow, row) for row in await repository.variants(uow, product["id"])]
    return ProductOut.model_validate(dict(product) | {"variants": variants})


def _variant_out(uow: UnitOfWork, row: Row) -> VariantOut:
    hidden = {} if uow.actor.may(READ_COST.name) else {"cost": None}
    return VariantOut.model_validate(dict(row) | hidden)


def _content_hash(wanted: ProductIn) -> str:
    return hashlib.sha256(orjson.dumps(wanted.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _unknown_product() -> UnknownProduct:
    return UnknownProduct("There is no such product.")


def _unknown_variant() -> UnknownVariant:
    return UnknownVariant("There is no such variant.")
