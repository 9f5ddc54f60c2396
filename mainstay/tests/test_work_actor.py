"""Who acts, as far as kept answers tell one from another."""

from dataclasses import replace
from uuid import UUID

from mainstay.permission import Bounds
from mainstay.work import Actor, Station


def test_nobody_else_has_an_actors_fingerprint_and_neither_has_the_actor_with_other_rights() -> None:
    actor = Actor("person", UUID(int=1), "Zoe", "cashier", frozenset({"pos.sell", "shop.read"}))
    others = [
        replace(actor, id=UUID(int=2)),
        replace(actor, kind="service"),
        replace(actor, role="manager"),
        replace(actor, permissions=frozenset({"pos.sell"})),
        replace(actor, station=Station(UUID(int=3), UUID(int=4))),
        replace(actor, reach=Bounds(places=frozenset())),
        replace(actor, reach=Bounds(places=frozenset({UUID(int=5)}))),
        replace(actor, reach=Bounds(extents={"pos.sales": "own"})),
        replace(actor, reach=Bounds(extents={"pos.sales": "team"}, mates=frozenset({UUID(int=1)}))),
        replace(actor, reach=Bounds(extents={"pos.sales": "team"}, mates=frozenset({UUID(int=1), UUID(int=2)}))),
    ]

    assert len({actor.fingerprint, *(other.fingerprint for other in others)}) == len(others) + 1
    assert replace(actor, permissions=frozenset({"shop.read", "pos.sell"})).fingerprint == actor.fingerprint
