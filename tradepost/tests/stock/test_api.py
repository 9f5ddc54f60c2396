"""The front door of stock for other modules."""

from shopfloor import ProductFactory, Till

from mainstay import ids
from mainstay.work import UnitOfWork
from tradepost.stock import api


async def test_what_was_never_counted_is_absent_and_nothing_is_not(
    uow: UnitOfWork, till: Till, make_product: ProductFactory
) -> None:
    """Rule 12: no count and a count of zero are different things."""
    kept, gone, other = [await make_product(stock=stock) for stock in ("2.5", "1", None)]
    await uow.write(
        "SELECT stock_post(jsonb_build_object('store_id', $1::uuid, 'kind', 'adjustment', 'source_kind', 'adjustment',"
        " 'source_id', $2::uuid, 'actor_name', 'Test', 'happened_at', now(), 'negative', 'refuse',"
        " 'items', jsonb_build_array(jsonb_build_object('variant_id', $3::uuid, 'quantity', '-1'))))",
        till.store_id,
        ids.new_id(),
        gone.variant_id,
    )

    on_hand = await api.on_hand(uow, till.store_id, [kept.variant_id, gone.variant_id, other.variant_id])

    assert {variant: str(quantity) for variant, quantity in on_hand.items()} == {
        kept.variant_id: "2.5",
        gone.variant_id: "0",
    }
