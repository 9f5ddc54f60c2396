"""What the model of roles is told."""

import numpy as np

from tradepost.crm.cards.fields.features import WIDTH, Surroundings, features_of, neighbour
from tradepost.crm.cards.fields.segments import Segment
from tradepost.crm.cards.quad import Quad

AROUND = Surroundings(1000, 600, (), ("odalysfennimore",), ("kestreltools",))


def segment(text: str, top: float, left: float = 50, height: float = 30) -> Segment:
    return Segment(text, 0.9, Quad.box(left, top, left + 300, top + height), 0)


def test_every_line_has_the_same_number_of_features() -> None:
    rows = features_of([segment("Kestrel Tools Ltd", 50), segment("14 Foundry Lane", 500), segment("—", 300)], AROUND)
    assert rows.shape == (3, WIDTH)
    assert np.isfinite(rows).all()
    assert features_of([], AROUND).shape == (0, WIDTH)


def test_no_feature_knows_a_name_by_heart() -> None:
    """Two invented names of one shape look the same to the model."""
    names = [
        features_of([segment(name, 50)], Surroundings(1000, 600, (), (), ()))
        for name in ("Qorvel Zimbrat", "Wunkel Tasmorp")
    ]
    assert np.array_equal(names[0], names[1])


def test_a_name_in_the_mailbox_and_a_firm_in_the_domain_are_told() -> None:
    name, firm = features_of([segment("Odalys Fennimore", 50), segment("Kestrel Tools", 150)], AROUND)
    assert (name[26], firm[28]) == (1.0, 1.0)


def test_neighbours_are_the_nearest_of_the_same_column() -> None:
    lines = [segment("a", 100), segment("b", 140), segment("c", 145, left=600), segment("d", 400)]
    assert [neighbour(0, lines, above=False), neighbour(1, lines, above=True)] == [1, 0]
    assert [neighbour(2, lines, above=True), neighbour(3, lines, above=True)] == [None, None]
