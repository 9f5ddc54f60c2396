"""The receipt as plain text."""

from uuid import UUID

from shopfloor import (
    Product,
    ProductFactory,
    Till,
    TillFactory,
    back_in,
    created,
    give_back,
    line_in,
    product_factory,
    product_in,
    refund_in,
    sale_in,
    sell,
    tender_in,
)

from mainstay.testing.client import Client
from tradepost.pos.service.receipt import WIDTH


async def receipt(client: Client, sale_id: str, language: str = "en") -> str:
    """Return the receipt's text."""
    answer = await client.get(f"/api/v1/pos/sales/{sale_id}/receipt.txt", params={"language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


async def test_a_receipt_shows_all_that_was_sold_and_paid(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    product = await make_product(price="4.20", tax_rate="5.5")
    lines = [line_in(product, "2", discount={"kind": "percent", "value": "10"})]
    sold = await sell(cashier, sale_in(till, lines, 756, tenders=[tender_in(1000)]))

    text = await receipt(cashier, sold["id"])

    for part in ("Harbour Street", "12 Harbour Street", "HS1-000001", product.name, "2 x 4.20", "-0.84", "Thank you"):
        assert part in text
    assert "incl. tax 5.5 % of 7.17               0.39" in text
    assert "TOTAL EUR                             7.56" in text
    assert "Cash                                 10.00" in text
    assert "Change                                2.44" in text


async def test_a_receipt_fits_the_paper(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    sold = await sell(cashier, sale_in(till, [line_in(await make_product(), "12")], 2988))

    text = await receipt(cashier, sold["id"])

    assert max(len(line) for line in text.splitlines()) <= WIDTH


async def test_a_long_name_is_broken_at_spaces_and_loses_nothing(owner: Client, till: Till) -> None:
    name = "Organic cold-pressed extra virgin olive oil from the slopes of Mount Athos " + "x" * 60
    product = product_in(unit="kg", price="0.0375") | {"name": name}
    await created(owner, "/api/v1/catalog/products", product)
    bought = Product(UUID(product["id"]), UUID(product["variants"][0]["id"]), name, "0.0375")
    sold = await sell(owner, sale_in(till, [line_in(bought, "1.5")], 6))

    lines = (await receipt(owner, sold["id"])).splitlines()

    start = next(number for number, line in enumerate(lines) if line.startswith("Organic"))
    assert lines[start] == "Organic cold-pressed extra virgin olive"
    assert "".join(lines[start : start + 4]).replace(" ", "") == name.replace(" ", "")
    assert lines[start + 4].split() == ["1.5", "kg", "x", "0.0375", "0.06"]


async def test_tax_that_comes_on_top_is_called_so(open_till: TillFactory, owner: Client) -> None:
    till = await open_till(prices_include_tax=False)
    product = await product_factory(owner, till)(price="10.00")
    sold = await sell(owner, sale_in(till, [line_in(product)], 1200))

    lines = (await receipt(owner, sold["id"])).splitlines()

    assert [line.split() for line in lines if line.startswith("tax")] == [["tax", "20", "%", "of", "10.00", "2.00"]]


async def test_a_receipt_shows_both_totals_when_cash_was_rounded(open_till: TillFactory, owner: Client) -> None:
    """Rule 8."""
    till = await open_till(cash_rounding={"increment_minor": 5, "due_tie": "half_up", "change_tie": "half_up"})
    product = await product_factory(owner, till)(price="2.48")
    sold = await sell(owner, sale_in(till, [line_in(product)], 248, tenders=[tender_in(250)]))

    text = await receipt(owner, sold["id"])

    assert "TOTAL EUR                             2.48" in text
    assert "Cash rounding                         0.02" in text
    assert "TO PAY EUR                            2.50" in text


async def test_a_receipt_speaks_russian(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    sold = await sell(cashier, sale_in(till, [line_in(await make_product())], 249, tenders=[tender_in(249, "card")]))

    text = await receipt(cashier, sold["id"], "ru")

    assert "ИТОГО EUR" in text
    assert "Карта" in text


async def test_an_unknown_language_is_refused(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    sold = await sell(cashier, sale_in(till, [line_in(await make_product())], 249))

    answer = await cashier.get(f"/api/v1/pos/sales/{sold['id']}/receipt.txt", params={"language": "xx"})

    assert answer.status_code == 422


async def refund_receipt(client: Client, refund_id: str, language: str = "en") -> str:
    """Return the text of a refund's receipt."""
    answer = await client.get(f"/api/v1/pos/refunds/{refund_id}/receipt.txt", params={"language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


async def test_the_receipt_of_a_refund_shows_what_came_back_and_why_in_both_languages(
    owner: Client, open_till: TillFactory
) -> None:
    """Rules 8 and 15: the sale's tax, and both totals where cash was rounded."""
    till = await open_till(cash_rounding={"increment_minor": 5, "due_tie": "half_up", "change_tie": "half_up"})
    cheese = await product_factory(owner, till)(price="4.98", unit="kg")
    sale = await sell(owner, sale_in(till, [line_in(cheese, "2")], 996, tenders=[tender_in(995)]))
    lines = [back_in(sale, quantity="0.5", goods="damaged")]
    refund = await give_back(owner, refund_in(till, sale, lines, 249, tenders=[tender_in(250)]))

    english = await refund_receipt(owner, refund["id"])
    russian = await refund_receipt(owner, refund["id"], "ru")

    for part in ("Harbour Street", "Refund HS1-000002", "of receipt HS1-000001", cheese.name, "Reason: Does not fit"):
        assert part in english
    assert "  0.5 kg (damaged)                    2.49" in english
    assert "incl. tax 20 % of 2.07                0.42" in english
    assert "REFUND EUR                            2.49" in english
    assert "PAID OUT EUR                          2.50" in english
    for part in ("Возврат HS1-000002", "по чеку HS1-000001", "повреждено", "К ВЫДАЧЕ EUR", "Причина: Does not fit"):
        assert part in russian
    assert max(len(line) for line in (english + russian).splitlines()) <= WIDTH
