"""Whether the time of an answer tells that an account exists: 400 pairs of each request, and a permutation test.

The requests are a wrong sign-in, a link for a new password asked for, and a sign-up. Of each pair one is for an account
that is there and one for nobody, in an order drawn by chance. If the account's being
there made no difference, each pair's difference could as well have had the other sign; the test asks how often sign
changes alone give a mean as far from zero. It fails below one in a thousand. The hashes are the cheapest that settings
allow, so that a difference elsewhere stands out most. Usage: python -m benchmarks.sign_in_times [--pairs N].
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.shop import SEED, Shop, running_program

KNOWN, UNKNOWN = "owner@example.com", "nobody@example.com"
FLIPS = 10_000
LEAST_CHANCE = 0.001
# Seconds until the job that a request leaves has ended: it does more for an account, and is not what is measured here.
SETTLED = 0.08
# Of the differences, those of pairs that something else held up, on both sides.
CUT = 0.1
PATIENT = {
    f"TRADEPOST_IDENTITY_{name}": value
    for name, value in (
        ("ATTEMPTS_PER_ACCOUNT", "1000"),
        ("ATTEMPTS_IN_5_MINUTES", "1000"),
        ("ATTEMPTS_AN_HOUR", "10000"),
        ("ATTEMPTS_A_DAY", "100000"),
        ("ATTEMPTS_PER_ADDRESS", "10000"),
        ("ATTEMPTS_OVERALL", "100000"),
        ("HASH_MEMORY_KIB", "19456"),
        ("HASH_PASSES", "1"),
        ("SIGN_UP", "true"),
        ("ASKED_PER_EMAIL_HOUR", "1000"),
        ("ASKED_PER_EMAIL_DAY", "1000"),
        ("ASKED_FROM_ADDRESS_HOUR", "10000"),
        ("ASKED_OVERALL_HOUR", "100000"),
    )
}


@dataclass(frozen=True, slots=True)
class Case:
    """A request that anybody may send about an address, and the status of its answer."""

    name: str
    path: str
    status: int
    further: Mapping[str, str]


WORDS = "nine brave silver kites"
CASES = (
    Case("a wrong sign-in", "session", 401, {"password": WORDS}),
    Case("asking for a link", "resets", 202, {}),
    Case("a sign-up", "sign-ups", 202, {"name": "Ivy", "password": WORDS}),
)


def timed(shop: Shop, case: Case, email: str) -> float:
    """Return the milliseconds until a request is answered."""
    began = time.perf_counter()
    body = {"email": email, **case.further}
    answer = shop.http.post(f"/api/v1/identity/{case.path}", json=body, headers={"Cookie": ""})
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != case.status:
        raise RuntimeError(f"{answer.status_code} {answer.text}")
    if case.status == 202:
        time.sleep(SETTLED)
    return took


def differences(shop: Shop, case: Case, pairs: int, draw: random.Random) -> list[float]:
    """Return by how many milliseconds the account's answer took longer, pair by pair."""
    found = []
    for _ in range(pairs):
        took = {}
        for email in draw.sample((KNOWN, UNKNOWN), 2):
            took[email] = timed(shop, case, email)
        found.append(took[KNOWN] - took[UNKNOWN])
    return found


def trimmed(found: Sequence[float]) -> list[float]:
    """Return what is left without the outermost differences."""
    cut = round(len(found) * CUT)
    return sorted(found)[cut : len(found) - cut]


def chance(found: Sequence[float], draw: random.Random) -> float:
    """Return how often a change of signs alone gives a mean as far from zero."""
    seen = abs(statistics.fmean(found))
    as_far = sum(
        abs(statistics.fmean(each if draw.random() < 0.5 else -each for each in found)) >= seen for _ in range(FLIPS)
    )
    return (as_far + 1) / (FLIPS + 1)


def main(arguments: Sequence[str]) -> int:
    """Measure, say what was found, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=400)
    pairs: int = parser.parse_args(arguments).pairs
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder, running_program(Path(folder), PATIENT) as (address, link, _):
        shop = Shop(address, link)
        return max([judge(shop, case, pairs, draw) for case in CASES])


def judge(shop: Shop, case: Case, pairs: int, draw: random.Random) -> int:
    """Measure one kind of request, say what was found, and return the exit code."""
    differences(shop, case, 20, draw)
    found = trimmed(differences(shop, case, pairs, draw))
    probability = chance(found, draw)
    print(
        f"{case.name}, {pairs} pairs: for an account it takes {statistics.fmean(found):+.3f} ms longer "
        f"(spread {statistics.stdev(found):.3f} ms); by chance alone in {probability:.1%} of cases"
    )
    return 0 if probability >= LEAST_CHANCE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
