"""Look for known duplicates among made contacts in memory: `python -m benchmarks.duplicates [--contacts N]`.

Prints precision and recall of the candidates (one key in common), of what is likely and of what is certain, and the
time of checking one contact against all others in memory; the database's part is not in it (`make match`
has it). For work on keys and weights. Writes benchmarks/results/.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from benchmarks.people import Makers
from mainstay import clock
from tradepost.crm.matching.keys import BLOCK_CAP, Key, keys_of
from tradepost.crm.matching.profile import Profile, profile
from tradepost.crm.matching.reasons import Match
from tradepost.crm.matching.scoring import compare

RESULTS = Path(__file__).parent / "results"
SEED = 20261121
SHARE_TWICE = 0.1
# One contact is checked in less than this at the 95th percentile, the database's part included.
BUDGET_MS = 10.0


class Index:
    """All contacts in memory, by their keys."""

    def __init__(self, profiles: list[Profile]) -> None:
        self.profiles = profiles
        self.keys = [keys_of(one) for one in profiles]
        self.blocks: dict[Key, list[int]] = defaultdict(list)
        for place, found in enumerate(self.keys):
            for key in found:
                self.blocks[key].append(place)

    def candidates(self, place: int) -> set[int]:
        """Return who has a key in common with this one, but for blocks beyond the cap."""
        blocks = (self.blocks[key] for key in self.keys[place])
        return {other for block in blocks if len(block) <= BLOCK_CAP for other in block} - {place}

    def check(self, place: int) -> dict[int, Match]:
        """Return the comparison with every candidate."""
        mine = self.profiles[place]
        return {other: compare(mine, self.profiles[other]) for other in self.candidates(place)}


def quality(found: AbstractSet[tuple[Any, Any]], truth: AbstractSet[tuple[Any, Any]]) -> dict[str, Any]:
    """Return how many of the found pairs are true, and how many of the true ones were found."""
    right = len(found & truth)
    return {
        "pairs": len(found),
        "precision": round(right / max(len(found), 1), 4),
        "recall": round(right / len(truth), 4),
    }


def pairs_of(people: Iterable[int]) -> set[tuple[int, int]]:
    """Return the places of the contacts that are the same person, each pair once."""
    first: dict[int, int] = {}
    pairs = set()
    for place, person in enumerate(people):
        if person in first:
            pairs.add((first[person], place))
        first.setdefault(person, place)
    return pairs


def measure(count: int) -> dict[str, Any]:
    """Make the contacts, check each against all others, and return what came of it."""
    made = list(Makers(SEED).contacts(count, int(count * SHARE_TWICE)))
    began = time.perf_counter()
    index = Index([profile(record) for _, record in made])
    indexed = time.perf_counter() - began
    truth = pairs_of(person for person, _ in made)
    found: dict[str, set[tuple[int, int]]] = {"one key in common": set(), "likely": set(), "certain": set()}
    times, candidates = [], []
    for place in range(len(made)):
        began = time.perf_counter()
        matches = index.check(place)
        times.append((time.perf_counter() - began) * 1000)
        candidates.append(len(matches))
        for other, match in matches.items():
            pair = (min(place, other), max(place, other))
            found["one key in common"].add(pair)
            if match.verdict != "unlikely":
                found["likely"].add(pair)
            if match.verdict == "certain":
                found["certain"].add(pair)
    sizes = Counter(key.kind for key, block in index.blocks.items() if len(block) > BLOCK_CAP)
    return {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()},
        "contacts": count,
        "duplicates": len(truth),
        **{name: quality(pairs, truth) for name, pairs in found.items()},
        "keys per contact": round(statistics.mean(map(len, index.keys)), 1),
        "blocks beyond the cap": dict(sizes),
        "candidates of a check": {"mean": round(statistics.mean(candidates), 1), "most": max(candidates)},
        "profile and keys, microseconds": round(indexed / count * 1e6),
        "check, ms": {
            "p50": round(statistics.median(times), 3),
            "p95": round(statistics.quantiles(times, n=20)[-1], 3),
        },
    }


def main() -> None:
    """Run the benchmark and write its result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    result = measure(parser.parse_args().contacts)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{clock.now().date().isoformat()}-match.json").write_text(f"{text}\n", encoding="utf-8")
    if result["check, ms"]["p95"] >= BUDGET_MS:
        raise SystemExit(f"95 of 100 checks take {result['check, ms']['p95']} ms, not under {BUDGET_MS:g}.")


if __name__ == "__main__":
    main()
