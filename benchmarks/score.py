"""Score the reading of cards: `python -m benchmarks.score [--cards N] [--seeds 100-149] [--style plain]`.

Cards are drawn into a cache and read one after another in a process of their own, as the program's workers read them;
what counts as right is in `benchmarks/cards/compare.py`. The result goes to benchmarks/results/<date>-cards.json:
micro F1 over fields, cards with every field right, character error rate and share of fields that stand in the text,
per language and level, with processor seconds a card (the recognisers' child processes included), peak memory and the
time to load.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import statistics
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.cards.compare import Tally, merged
from benchmarks.cards.made import draw, need_fonts, truths
from mainstay import clock
from tools.suite import need_recogniser
from tradepost.crm.cards.limits import Limits
from tradepost.crm.cards.reader import engines_here, read_here
from tradepost.crm.cards.reading import CardReading

RESULTS: Final = Path(__file__).parent / "results"
TARGETS: Final = {"plain": (0.95, 0.72), "tough": (0.87, 0.38)}
SECONDS: Final = 2.1
Scored = tuple[CardReading | None, float]


def main() -> None:
    """Draw, read, compare, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=240, help="of each style")
    parser.add_argument("--seeds", default="100-149", help="first and last, or one")
    parser.add_argument("--style", choices=list(TARGETS), action="append")
    parser.add_argument("--show", action="store_true", help="print what was wrong with each card")
    options = parser.parse_args()
    need_fonts()
    need_recogniser()
    seeds = seeds_of(options.seeds)
    result = machine() | {"seeds": options.seeds}
    for style in options.style or list(TARGETS):
        result[style] = score(style, seeds, options.cards, show=options.show)
        tell(style, result[style])
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{clock.now():%Y-%m-%d}-cards.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


def seeds_of(text: str) -> range:
    """Return the seeds from `100-149` or `100`."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def score(style: str, seeds: range, cards: int, *, show: bool) -> dict[str, Any]:
    """Return the figures of one style; the cards are taken evenly from the seeds."""
    tallies: dict[tuple[str, str], Tally] = {}
    seconds: list[float] = []
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        loading = pool.submit(load).result()
        for seed, count in shares(seeds, cards):
            folder = draw(style, seed, count)
            for truth in truths(folder)[:count]:
                photo = (folder / truth["image"]).read_bytes()
                reading, used = pool.submit(read_timed, photo).result()
                seconds.append(used)
                tally = tallies.setdefault((truth["lang"], truth["level"]), Tally())
                wrong = tally.add(truth, reading) if reading else []
                if show and wrong:
                    print(f"{style} {seed} {truth['id']} {truth['lang']} {truth['level']}", *wrong, sep="\n    ")
        memory = pool.submit(peak_memory).result()
    return figures(tallies) | usage(seconds) | loading | {"peak_memory_mb": memory}


def shares(seeds: range, cards: int) -> Iterable[tuple[int, int]]:
    """Yield how many cards to take of each seed, from the first on."""
    each = -(-cards // len(seeds))
    for seed in seeds:
        if (count := min(each, cards)) > 0:
            yield seed, count
        cards -= count


def load() -> dict[str, float | str]:
    """Load the engines in this process; return how long it took and which they are."""
    began, used = time.perf_counter(), time.process_time()
    engines = engines_here()
    return {
        "load_seconds": round(time.perf_counter() - began, 2),
        "load_processor_seconds": round(time.process_time() - used, 2),
        "engines": engines,
    }


def read_timed(photo: bytes) -> Scored:
    """Read a photo in this process; return the largest card and the processor seconds used, children's included."""
    before = _used()
    readings = read_here(photo, Limits())
    largest = max(readings, key=lambda reading: reading.place.area, default=None)
    return largest, _used() - before


def _used() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def peak_memory() -> int:
    """Return the most memory that this process held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def figures(tallies: dict[tuple[str, str], Tally]) -> dict[str, Any]:
    """Return the figures together, per field, language and level."""
    everything = merged(tallies.values())
    languages, levels = sorted({language for language, _ in tallies}), sorted({level for _, level in tallies})
    return {
        **everything.summary(),
        "f1_by_field": everything.by_field(),
        "by_language": {one: merged(t for key, t in tallies.items() if key[0] == one).summary() for one in languages},
        "by_level": {one: merged(t for key, t in tallies.items() if key[1] == one).summary() for one in levels},
    }


def usage(seconds: list[float]) -> dict[str, Any]:
    """Return the processor seconds of a card."""
    return {
        "processor_seconds_median": round(statistics.median(seconds), 2),
        "processor_seconds_p95": round(sorted(seconds)[int(0.95 * (len(seconds) - 1))], 2),
    }


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    packages = ("rapidocr", "onnxruntime", "opencv-python-headless", "pillow", "faker")
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_average_before": round(os.getloadavg()[0], 2),
        "packages": {name: version(name) for name in packages},
    }


def tell(style: str, result: dict[str, Any]) -> None:
    """Print the figures of one style and whether the targets are reached."""
    print(f"\n{style}: {result['cards']} cards, {result['engines']}")
    rows = {"all": result, **result["by_language"], **result["by_level"]}
    print(f"{'':<8}{'cards':>6}{'F1':>8}{'whole':>8}{'CER':>8}{'recall':>8}{'kinds':>8}")
    names = ("micro_f1", "whole_cards", "character_error_rate", "field_recall_of_text", "phone_kinds_right")
    for name, row in rows.items():
        print(f"{name:<8}{row['cards']:>6}" + "".join(f"{row[column]:>8.3f}" for column in names))
    print("  ".join(f"{field} {value:.3f}" for field, value in result["f1_by_field"].items()))
    f1, whole = TARGETS[style]
    for name, value, target, is_reached in (
        ("micro F1", result["micro_f1"], f1, result["micro_f1"] >= f1),
        ("whole cards", result["whole_cards"], whole, result["whole_cards"] >= whole),
        ("processor s", median := result["processor_seconds_median"], SECONDS, median <= SECONDS),
    ):
        print(f"{name:<12}{value:>7}   to reach {target:<6}{'reached' if is_reached else 'MISSED'}")
    print(f"peak memory {result['peak_memory_mb']} MB, loaded in {result['load_seconds']} s")


if __name__ == "__main__":
    main()
