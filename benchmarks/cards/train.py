"""Train the model of roles on made cards: `python -m benchmarks.cards.train [--cards N]`; writes fields/roles.npz.

The cards are of seeds 1 to 40, never of those that are scored (100 to 199), and are not photographed: lines come from
the truth, moved, resized and misread a little by chance. The model sees the features of `fields/features.py` and no
words, so that it cannot learn names by heart.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.cards.made import CACHE, Truth, generator, need_fonts
from tradepost.crm.cards.engines.port import TextLine
from tradepost.crm.cards.fields import roles
from tradepost.crm.cards.fields.assemble import surroundings
from tradepost.crm.cards.fields.contacts import take_contacts
from tradepost.crm.cards.fields.features import WIDTH, features_of
from tradepost.crm.cards.fields.segments import segments_of
from tradepost.crm.cards.quad import Quad

WEIGHTS: Final = Path(roles.__file__).with_name("roles.npz")
SEEDS: Final = range(1, 41)
HIDDEN: Final = (64, 32)
ROUNDS: Final = 40
BATCH: Final = 256
LOOKALIKES: Final = {
    "l": "1",
    "O": "0",
    "é": "e",
    "ü": "u",
    "ä": "a",
    "m": "rn",
    "и": "н",
    "ш": "щ",
    "е": "с",
    "n": "ri",
}
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


def main() -> None:
    """Draw, train, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=12, help="of each seed and style")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    need_fonts()
    rows, wanted = collect(options.cards, options.workers)
    print(f"{len(rows)} lines of {2 * len(SEEDS) * options.cards} cards", flush=True)
    write(train(rows, wanted))


def collect(cards: int, workers: int) -> tuple[Floats, Ints]:
    """Return the features and the roles of all lines; kept in the cache."""
    tasks = [(style, seed, cards) for style in ("plain", "tough") for seed in SEEDS]
    with ProcessPoolExecutor(workers) as pool:
        parts = list(pool.map(_of_seed, tasks))
    return np.concatenate([rows for rows, _ in parts]), np.concatenate([wanted for _, wanted in parts])


def _of_seed(task: tuple[str, int, int]) -> tuple[Floats, Ints]:
    style, seed, cards = task
    made = generator()
    chance = np.random.default_rng(seed)
    rows: list[Floats] = [np.zeros((0, WIDTH), dtype=np.float32)]
    wanted: list[int] = []
    for number in range(cards):
        card, _, truth = made.make(seed, number, level="clean", style=style)
        for _ in range(2):
            some, roles_ = examples(truth, card.size, chance)
            rows.append(some)
            wanted.extend(roles_)
    return np.concatenate(rows), np.array(wanted, dtype=np.int64)


def examples(truth: Truth, size: tuple[int, int], chance: np.random.Generator) -> tuple[Floats, list[int]]:
    """Return features and roles of the free lines of one card, as a reader with small faults would see it."""
    lines, known = [], {}
    for line in truth["lines"]:
        if chance.random() < 0.02:
            continue
        quad = _moved(line["box"], chance)
        lines.append(TextLine(quad, _misread(line["text"], chance), float(chance.uniform(0.85, 1)), "truth"))
        known[quad.top, quad.bottom] = line
    if chance.random() < 0.25:  # a logo is read as a word or a few letters
        quad = _moved([int(chance.integers(0, size[0] - 200)), int(chance.integers(0, size[1] - 120)), 0, 0], chance)
        wide = Quad.box(quad.left, quad.top, quad.left + chance.uniform(40, 160), quad.top + chance.uniform(40, 120))
        lines.append(TextLine(wide, str(chance.choice(["AA", "A/", "OC", "III", "V7", "IN"])), 0.6, "truth"))
    contacts = take_contacts(segments_of(lines))
    around = surroundings(contacts, *size)
    wanted = [_role(one.text, known.get((one.quad.top, one.quad.bottom)), truth) for one in contacts.free]
    return features_of(contacts.free, around), wanted


def _role(text: str, line: Truth | None, truth: Truth) -> int:
    role = line["role"] if line else "other"
    if role in {"phone", "email", "website", "extra"}:
        plain = "".join(filter(str.isalnum, text.lower()))
        printed = "".join(filter(str.isalnum, str(truth["fields"]["address"].get("printed", "")).lower()))
        role = "address" if plain and plain in printed else "other"
    return roles.ROLES.index(role) if role in roles.ROLES else roles.OTHER


def _moved(box: list[int], chance: np.random.Generator) -> Quad:
    left, top, right, bottom = box
    grown = max(bottom - top, 12) * chance.uniform(0.05, 0.3)
    shift = chance.normal(0, 2, 4)
    return Quad.box(
        left - grown + shift[0], top - grown + shift[1], right + grown + shift[2], bottom + grown + shift[3]
    )


def _misread(text: str, chance: np.random.Generator) -> str:
    rate = chance.choice([0.0, 0.0, 0.02, 0.06])
    return "".join(LOOKALIKES.get(c, c) if chance.random() < rate else c for c in text)


def train(rows: Floats, wanted: Ints) -> roles.Network:
    """Return a network after ROUNDS over the lines, with Adam, falling steps and decaying weights."""
    chance = np.random.default_rng(7)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    held = max(1, len(rows) // 12)
    inputs = ((rows - mean) / deviation).astype(np.float32)
    learner = Learner((WIDTH, *HIDDEN, len(roles.ROLES)), chance)
    for number in range(ROUNDS):
        order = chance.permutation(len(rows) - held) + held
        step = 2e-3 * 0.5 * (1 + np.cos(np.pi * number / ROUNDS))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            learner.learn(inputs[batch], wanted[batch], float(step))
        if number % 5 == 4:
            network = roles.Network(mean, deviation, learner.layers())
            right = (network.probabilities(rows[:held]).argmax(axis=1) == wanted[:held]).mean()
            print(f"round {number + 1}: {right:.4f} of held-out lines right", flush=True)
    return roles.Network(mean, deviation, learner.layers())


class Learner:
    """Weights under training: a rectified network with dropout, cross entropy, Adam."""

    def __init__(self, sizes: tuple[int, ...], chance: np.random.Generator) -> None:
        self._chance = chance
        pairs = list(pairwise(sizes))
        self._values = [chance.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32) for a, b in pairs]
        self._values += [np.zeros(b, dtype=np.float32) for _, b in pairs]
        self._count = len(pairs)
        self._first = [np.zeros_like(value) for value in self._values]
        self._second = [np.zeros_like(value) for value in self._values]
        self._time = 0

    def layers(self) -> tuple[tuple[Floats, Floats], ...]:
        """Return weights and biases as they are now."""
        return tuple((self._values[at].copy(), self._values[self._count + at].copy()) for at in range(self._count))

    def learn(self, inputs: Floats, wanted: Ints, step: float) -> None:
        """Take one step towards the wanted roles."""
        values, masks = [inputs], []
        for at in range(self._count):
            value = values[-1] @ self._values[at] + self._values[self._count + at]
            if at < self._count - 1:
                mask = (value > 0) * (self._chance.random(value.shape) > 0.15) / 0.85
                masks.append(mask.astype(np.float32))
                value = value * masks[-1]
            values.append(value.astype(np.float32))
        exp = np.exp(values[-1] - values[-1].max(axis=1, keepdims=True))
        slope = exp / exp.sum(axis=1, keepdims=True)
        slope[np.arange(len(wanted)), wanted] -= 1
        slope /= len(wanted)
        slopes: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(self._values)
        for at in reversed(range(self._count)):
            slopes[at] = values[at].T @ slope + 1e-4 * self._values[at]
            slopes[self._count + at] = slope.sum(axis=0)
            if at:
                slope = (slope @ self._values[at].T) * masks[at - 1]
        self._step(slopes, step)

    def _step(self, slopes: list[Floats], step: float) -> None:
        self._time += 1
        for at, slope in enumerate(slopes):
            self._first[at] += 0.1 * (slope - self._first[at])
            self._second[at] += 0.001 * (slope**2 - self._second[at])
            first, second = self._first[at] / (1 - 0.9**self._time), self._second[at] / (1 - 0.999**self._time)
            self._values[at] -= step * first / (np.sqrt(second) + 1e-8)


def write(network: roles.Network) -> None:
    """Write the weights in half precision, beside the code that reads them."""
    arrays = {"mean": network.mean, "deviation": network.deviation}
    for at, (weights, bias) in enumerate(network.layers):
        arrays |= {f"weights{at}": weights.astype(np.float16), f"bias{at}": bias.astype(np.float16)}
    np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]  # the stubs take the names for options
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size // 1024} kB; cache {CACHE}")


if __name__ == "__main__":
    main()
