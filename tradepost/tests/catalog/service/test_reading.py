"""Files taken in whole: every row accounted for, repeats harmless, and hostile content harmless too (rule 35)."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from shopfloor import created, product_in

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.catalog import api as catalog

ImportFile = Callable[..., Awaitable[dict[str, Any]]]

VARIANTS = "/api/v1/catalog/variants"
IMPORTS = "/api/v1/catalog/imports"
FIGURES = ("rows_read", "rows_accepted", "rows_rejected", "rows_warned", "created", "updated", "unchanged")
SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,"
    "Variant Price,Variant Barcode,Image Src,Status\n"
)


def figures(found: dict[str, Any]) -> dict[str, int]:
    """Return the figures of an import that are not zero."""
    return {name: found[name] for name in FIGURES if found[name]}


async def reasons(owner: Client, found: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Return number, outcome and reason of the reported rows."""
    answer = await owner.get(f"{IMPORTS}/{found['id']}/rows", params={"limit": 200})
    return [(row["row_number"], row["outcome"], row["reason_code"]) for row in answer.json()["items"]]


async def catalogue(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Return all there is about products but times, for comparing before and after."""
    rows = await uow.read(
        """
        SELECT product.name AS product, handle, vendor, tags, product.version AS product_version, variant.name, sku,
            barcode, trim_scale(price)::text AS price, trim_scale(cost)::text AS cost,
            trim_scale(tax_rate)::text AS tax_rate, unit, options, is_active, variant.version, position,
            ARRAY(SELECT key FROM catalog_barcode WHERE variant_id = variant.id ORDER BY position) AS keys
        FROM catalog_variant AS variant JOIN catalog_product AS product ON product.id = product_id
        ORDER BY variant.name_key, variant.id
        """
    )
    return [dict(row) for row in rows]


# -- plain files -------------------------------------------------------------------------------------------------------


async def test_a_file_becomes_products_with_their_stock(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    text = "barcode,name,price,tax_rate,stock\n036000291452,Tissues,2.49,20,12\n96385074,Gum,0.99,5.5,0\n"

    found = await import_file(text)

    assert (found["status"], found["format"], found["encoding"], found["separator"]) == ("done", "plain", "utf-8", ",")
    assert (figures(found), found["progress"]) == ({"rows_read": 2, "rows_accepted": 2, "created": 2}, 1.0)
    assert found["finished_at"] is not None
    assert [(row["name"], row["price"], row["tax_rate"], row["keys"]) for row in await catalogue(uow)] == [
        ("Gum", "0.99", "5.5", ["00000096385074"]),
        ("Tissues", "2.49", "20", ["00036000291452"]),
    ]
    scanned = (await owner.get(f"{VARIANTS}/by-code/0036000291452")).json()
    assert await catalog.imported_quantities(uow, UUID(found["id"])) == {UUID(scanned["id"]): Decimal(12)}


async def test_the_end_of_an_import_is_announced_once(import_file: ImportFile, uow: UnitOfWork, store_id: UUID) -> None:
    found = await import_file("name,price\nBread,1\nMilk,2\n")

    payloads = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'catalog.import_finished'")

    assert [row["payload"] for row in payloads] == [
        {"import_id": found["id"], "store_id": str(store_id), "created": 2, "updated": 0, "unchanged": 0}
    ]
    assert await uow.read_value("SELECT count(*) FROM catalog_import_chunk") == 0


async def test_the_same_file_again_is_the_first_import(import_file: ImportFile, uow: UnitOfWork) -> None:
    """Rule 35: the hash makes a repeat harmless, also after the products were changed."""
    text = "name,price,barcode\nTissues,2.49,036000291452\n"
    first = await import_file(text)
    await uow.write("UPDATE catalog_variant SET price = 3")
    before = await catalogue(uow)

    again = await import_file(text, "another name.csv")

    assert (again["id"], again["is_repeat"], first["is_repeat"]) == (first["id"], True, False)
    assert await catalogue(uow) == before
    assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'catalog.import_requested'") == 1


async def test_another_file_with_the_same_rows_changes_nothing(import_file: ImportFile, uow: UnitOfWork) -> None:
    text = "name,price,sku,barcode,cost,tax_rate,unit\nTissues,2.49,T-1,036000291452,1.5,20,pcs\nTea,3,T-2,,,5.5,kg\n"
    await import_file(text)
    before = await catalogue(uow)

    again = await import_file(text + "\n")

    assert figures(again) == {"rows_read": 2, "rows_accepted": 2, "unchanged": 2}
    assert await catalogue(uow) == before


async def test_a_changed_file_updates_what_changed(import_file: ImportFile, uow: UnitOfWork) -> None:
    header = "name,price,sku,barcode,stock\n"
    await import_file(f"{header}Tissues,2.49,T-1,036000291452,5\nTea,3,T-2,,5\nRice,1,,96385074,5\n")

    again = await import_file(f"{header}Paper tissues,2.59,T-1,036000291452,9\nTea,3,T-2,,9\nRice,1,R-1,,9\n")

    assert figures(again) == {"rows_read": 3, "rows_accepted": 3, "created": 1, "updated": 1, "unchanged": 1}
    assert [(row["name"], row["price"], row["sku"], row["version"]) for row in await catalogue(uow)] == [
        ("Paper tissues", "2.59", "T-1", 2),
        ("Rice", "1", None, 1),
        ("Rice", "1", "R-1", 1),
        ("Tea", "3", "T-2", 1),
    ]


async def test_rows_are_recognised_by_barcode_then_sku_then_name(import_file: ImportFile, uow: UnitOfWork) -> None:
    await import_file("name,price,sku,barcode\nA,1,S-1,036000291452\nB,1,S-2,\nC,1,,\n")

    again = await import_file("name,price,sku,barcode\nA,2,NEW,0036000291452\nBee,2,s-2,96385074\n c ,2,,\n")

    assert figures(again) == {"rows_read": 3, "rows_accepted": 3, "updated": 3}
    assert [(row["name"], row["price"], row["sku"], row["keys"]) for row in await catalogue(uow)] == [
        ("A", "2", "NEW", ["00036000291452"]),
        ("Bee", "2", "s-2", ["00000096385074"]),
        ("c", "2", None, []),
    ]


async def test_what_a_file_leaves_empty_stays(import_file: ImportFile, uow: UnitOfWork) -> None:
    await import_file("name,price,sku,cost,tax_rate,unit,vendor\nHam,24.995,H,11.5,5.5,kg,Farm\n")
    before = await catalogue(uow)

    again = await import_file("sku,name,price,cost,tax_rate,stock\nH,Ham,24.995,,,\n")

    assert (figures(again)["unchanged"], await catalogue(uow)) == (1, before)


async def test_only_a_product_of_one_variant_is_renamed_by_a_plain_row(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    body = product_in(sku="TEE-L", options={"Size": "L"}) | {"name": "Tee"}
    await created(owner, "/api/v1/catalog/products", body)

    await import_file("sku,name,price\nTEE-L,Shirt L,5\n")

    assert [(row["name"], row["price"]) for row in await catalogue(uow)] == [("Tee, L", "5")]


# -- rows that are not right -------------------------------------------------------------------------------------------


MIXED = (
    "barcode,name,price,tax_rate,stock\n"
    "96385074,Good,1.00,20,1\n"
    ",No price,,20,1\n"
    f",{'x' * 5000},1.00,20,1\n"
    ",Three decimals,1.999,20,1\n"
    ",Fine decimals,0.999,20,1\n"
    ",Negative,-1.00,20,1\n"
    ",Not a number,NaN,20,1\n"
    ",Infinite,inf,20,1\n"
    ",Unknown rate,1.00,7,1\n"
    ",Half a piece,1.00,20,1.5\n"
    "6.3E+12,Shortened,1.00,20,1\n"
    "=cmd|' /C calc'!A0,Formula,1.00,20,1\n"
    ",N\x00L,1.00,20,1\n"
    "26015638,Wrong digit,1.00,20,1\n"
    "36000291452,Lost zero,1.00,20,1\n"
    ",No rate,1.00,,1\n"
    ",Below zero,1.00,20,-4\n"
)


async def test_every_row_is_accepted_or_rejected_with_a_reason(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    """Rules 2, 26 and 35: accepted + rejected = read, and nothing of a rejected row is kept."""
    found = await import_file(MIXED)

    assert figures(found) == {
        "rows_read": 17, "rows_accepted": 6, "rows_rejected": 11, "rows_warned": 4, "created": 6,
    }  # fmt: skip
    assert await reasons(owner, found) == [
        (3, "rejected", "missing_price"),
        (4, "rejected", "name_too_long"),
        (5, "rejected", "too_many_decimals"),
        (6, "rejected", "too_many_decimals"),
        (7, "rejected", "negative_price"),
        (8, "rejected", "invalid_price"),
        (9, "rejected", "invalid_price"),
        (10, "rejected", "unknown_tax_rate"),
        (11, "rejected", "invalid_quantity"),
        (12, "rejected", "barcode_shortened"),
        (14, "rejected", "control_character"),
        (15, "warned", "wrong_check_digit"),
        (16, "warned", "leading_zeros_restored"),
        (17, "warned", "missing_tax_rate"),
        (18, "warned", "negative_quantity"),
    ]
    assert [row["name"] for row in await catalogue(uow)] == [
        "Below zero", "Formula", "Good", "Lost zero", "No rate", "Wrong digit",
    ]  # fmt: skip
    assert len(await catalog.imported_quantities(uow, UUID(found["id"]))) == 5


async def test_a_wrong_check_digit_scans_as_printed(owner: Client, import_file: ImportFile) -> None:
    """Rule 26."""
    await import_file("barcode,name,price\n26015638,Wrong digit,1.00\n")
    assert (await owner.get(f"{VARIANTS}/by-code/26015638")).json()["name"] == "Wrong digit"


async def test_the_second_row_of_a_product_is_rejected_with_the_first_ones_number(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    """Rule 28: also when the second prints the barcode with 13 digits, or comes a thousand rows later."""
    between = "".join(f"S-{number},Other {number},1,\n" for number in range(1500))
    found = await import_file(
        "sku,name,price,barcode\n"
        ",Tissues,1.00,036000291452\n"
        "A,Tea,1.00,\n"
        ",Tissues again,2.00,0036000291452\n"
        f"{between}"
        "a,Tea again,2.00,\n"
    )

    assert await reasons(owner, found) == [
        (4, "rejected", "duplicate_in_file"),
        (1505, "rejected", "duplicate_in_file"),
    ]
    rows = (await owner.get(f"{IMPORTS}/{found['id']}/rows")).json()["items"]
    assert [row["reason"] for row in rows] == [
        "The same product stands in row 2 already.",
        "The same product stands in row 3 already.",
    ]
    assert [row["price"] for row in await catalogue(uow) if row["name"] in {"Tissues", "Tea"}] == ["1", "1"]


async def test_a_row_with_the_codes_of_two_products_is_ambiguous(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    """Rule 28."""
    await import_file("sku,name,price,barcode\nA,Tea,1,036000291452\nB,Rice,1,96385074\n")
    before = await catalogue(uow)

    found = await import_file("sku,name,price,barcode\nA,Both,2,96385074\n")

    assert await reasons(owner, found) == [(2, "rejected", "ambiguous_codes")]
    assert await catalogue(uow) == before


async def test_sku_that_a_row_gives_up_may_be_taken_by_a_later_one(import_file: ImportFile, uow: UnitOfWork) -> None:
    await import_file("sku,name,price,barcode\nOLD,Tea,1,036000291452\n")

    found = await import_file("sku,name,price,barcode\nNEW,Tea,1,036000291452\nOLD,Coffee,2,96385074\n")

    assert figures(found) == {"rows_read": 2, "rows_accepted": 2, "created": 1, "updated": 1}
    assert {row["name"]: row["sku"] for row in await catalogue(uow)} == {"Tea": "NEW", "Coffee": "OLD"}


# -- Shopify -----------------------------------------------------------------------------------------------------------


async def test_shopifys_export_becomes_products_with_variants(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    text = SHOPIFY + (
        'tee,Tee,"<p>Soft,\n""warm""</p>",Knit,"a, b",Size,L,T-L,3,19.90,\'036000291452,x.jpg,active\n'
        "tee,,,,,,M,T-M,0,18.90,,,\n"
        "tee,,,,,,,,,,,y.jpg,\n"
        "mug,Mug,,,,Title,Default Title,,4,5.00,96385074,,draft\n"
    )

    found = await import_file(text)

    assert (found["format"], found["status"]) == ("shopify", "done")
    assert figures(found) == {"rows_read": 4, "rows_accepted": 4, "created": 3}
    rows = await catalogue(uow)
    assert [(row["name"], row["handle"], row["is_active"], row["tags"], row["position"]) for row in rows] == [
        ("Mug", "mug", False, [], 0),
        ("Tee, L", "tee", True, ["a", "b"], 0),
        ("Tee, M", "tee", True, ["a", "b"], 1),
    ]
    product_id = (await owner.get(f"{VARIANTS}/by-code/T-L")).json()["product_id"]
    product = (await owner.get(f"/api/v1/catalog/products/{product_id}")).json()
    assert product["description"] == '<p>Soft,\n"warm"</p>'
    assert [variant["options"] for variant in product["variants"]] == [{"Size": "L"}, {"Size": "M"}]
    again = await import_file(text + "\n")
    assert figures(again) == {"rows_read": 4, "rows_accepted": 4, "unchanged": 3}


async def test_shopifys_variants_without_codes_are_recognised_by_handle_and_options(
    import_file: ImportFile, uow: UnitOfWork
) -> None:
    await import_file(SHOPIFY + "tee,Tee,,,,Size,L,,,1,,,\ntee,,,,,,M,,,1,,,\n")

    again = await import_file(SHOPIFY + "tee,Jumper,,,,Size,M,,,2,,,\ntee,,,,,,S,,,3,,,\n")

    assert figures(again) == {"rows_read": 2, "rows_accepted": 2, "created": 1, "updated": 1}
    rows = await catalogue(uow)
    assert {(row["name"], row["price"], row["version"]) for row in rows} == {
        ("Jumper, L", "1", 1),
        ("Jumper, M", "2", 2),
        ("Jumper, S", "3", 1),
    }
    assert {row["product_version"] for row in rows} == {2}


async def test_a_product_from_a_plain_file_is_adopted_by_shopifys(import_file: ImportFile, uow: UnitOfWork) -> None:
    await import_file("name,price,barcode\nmug,5,96385074\n")

    again = await import_file(SHOPIFY + "mug,Mug,,Potter,,Title,Default Title,MUG,,6.00,96385074,,active\n")

    assert figures(again) == {"rows_read": 1, "rows_accepted": 1, "updated": 1}
    (row,) = await catalogue(uow)
    assert (row["name"], row["handle"], row["vendor"], row["sku"], row["price"]) == ("Mug", "mug", "Potter", "MUG", "6")


# -- files as they come ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "encoding", "separator"),
    [
        ("Название;Цена\nБорщ;89,90\n".encode("cp1251"), "cp1251", ";"),
        ("Название;Цена\r\nБорщ;89,90\r\n".encode("utf-8-sig"), "utf-8", ";"),
        ("Название\tЦена\nБорщ\t89,90\n".encode("utf-16"), "utf-16-le", "\t"),
        ('sep=|\rНазвание|Цена\r"Борщ"|"89,90"'.encode(), "utf-8", "|"),
    ],
)
async def test_encodings_separators_and_line_ends_are_found_out(
    import_file: ImportFile, uow: UnitOfWork, content: bytes, encoding: str, separator: str
) -> None:
    found = await import_file(content)

    assert (found["status"], found["encoding"], found["separator"]) == ("done", encoding, separator)
    assert [(row["name"], row["price"]) for row in await catalogue(uow)] == [("Борщ", "89.9")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "This is a picture; send the table as CSV."),
        (b"%PDF-1.4 ...", "This is a PDF document; send the table as CSV."),
        (b"PK\x03\x04workbook", "This is an Excel or OpenDocument workbook; save it as CSV and send that."),
        (bytes(range(1, 256)) * 50, "This is not a table saved as text (CSV)."),
        (b"Bread,1.00\nMilk,2.00\n", "The first row must name the columns"),
        (b"name,price\n", "The file has a header and no rows below it."),
        (b'name,price\n"open,1\n' + b"x,1\n" * 400_000, "Row 2 does not end"),
        (b"\xef\xbb\xbfname,price\nCr\xe8me,1\n", "The text of this file is damaged"),
        (b"\n\n", "The file has no rows."),
        (b"name,price\n" + b"x,1\n" * 250_001, "The file has more than 250,000 rows; split it."),
    ],
)
async def test_a_file_that_is_no_table_changes_nothing_and_says_why(
    import_file: ImportFile, uow: UnitOfWork, content: bytes, sentence: str
) -> None:
    found = await import_file(content)

    assert found["status"] == "failed"
    assert sentence in found["problem"]
    assert (found["progress"], found["rows_read"], await catalogue(uow)) == (1.0, 0, [])
    assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'catalog.import_finished'") == 0
    assert await uow.read_value("SELECT count(*) FROM catalog_import_chunk") == 0


async def test_a_file_that_failed_may_be_sent_again(import_file: ImportFile) -> None:
    first = await import_file(b"name\nBread\n")
    again = await import_file(b"name\nBread\n")
    assert (first["status"], again["status"], again["is_repeat"]) == ("failed", "failed", False)
    assert first["id"] != again["id"]
