"""What lines are: the network's guess under the limits of a card."""

from pathlib import Path

import numpy as np
import pytest

from tradepost.crm.cards.fields import roles
from tradepost.crm.cards.fields.features import WIDTH, Surroundings
from tradepost.crm.cards.fields.roles import ROLES, Network, network, roles_of
from tradepost.crm.cards.fields.segments import Segment
from tradepost.crm.cards.quad import Quad

AROUND = Surroundings(1000, 600, (), ("odalysfennimore",), ("kestreltools",))


def segment(text: str, top: float, height: float = 30) -> Segment:
    return Segment(text, 0.98, Quad.box(60, top, 60 + 0.5 * height * len(text), top + height), 0)


def test_the_lines_of_a_card_get_their_roles() -> None:
    lines = [
        segment("Kestrel Tools Ltd", 40, 50),
        segment("Odalys Fennimore", 150, 58),
        segment("Sales Manager", 225),
        segment("14 Foundry Lane", 470),
        segment("Leeds LS1 4AP", 508),
    ]
    found = roles_of(lines, AROUND)
    assert [role.name for role in found] == ["company", "name", "title", "address", "address"]
    assert all(role.confidence > 0.5 for role in found)


def test_a_card_without_free_lines_has_no_roles() -> None:
    assert roles_of([], AROUND) == []


def test_the_network_fits_the_features_and_stays_small() -> None:
    assert network().layers[0][0].shape[0] == WIDTH
    assert network().layers[-1][0].shape[1] == len(ROLES)
    assert Path(roles.__file__).with_name("roles.npz").stat().st_size < 5_000_000


def test_probabilities_add_up_to_one() -> None:
    layer = (np.ones((2, 3), np.float32), np.zeros(3, np.float32))
    rows = Network(np.zeros(2, np.float32), np.ones(2, np.float32), (layer,)).probabilities(np.ones((4, 2), np.float32))
    assert rows.sum(axis=1) == pytest.approx(1.0)


@pytest.mark.parametrize(("apart", "expected"), [(10, ("name", "name")), (400, ("name", "other"))])
def test_a_name_goes_on_in_the_next_line_and_nowhere_else(apart: float, expected: tuple[str, str]) -> None:
    lines = [segment("Odalys", 100, 50), segment("Fennimore", 150 + apart, 50)]
    logs = np.log(np.array([[0.9, 0.02, 0.02, 0.02, 0.02, 0.02], [0.6, 0.01, 0.01, 0.01, 0.01, 0.36]], np.float32))
    best = roles._best(logs, roles._next_to(lines))
    assert tuple(ROLES[role] for role in best) == expected
