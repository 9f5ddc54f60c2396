"""A file that was only looked at: what its columns seem to hold, and the entries it would give."""

from dataclasses import dataclass, field

from tradepost.crm.exchange.entry import ExchangeProblem
from tradepost.crm.exchange.file import ContactFile, file_format, first_rows, read_file, sheet_layout
from tradepost.crm.exchange.normal import one_line
from tradepost.crm.exchange.sheet.layout import NO_NAMES, SheetLayout
from tradepost.crm.exchange.sheet.target import Chosen, target_code

SAMPLES = 3
LONGEST_SAMPLE = 80


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading, what stands in it, what it is read as, and what it would be read as by its heading."""

    heading: str
    samples: list[str]
    field: str
    guess: str


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a file; `problem` says why it would be refused as it is, and then there are no entries."""

    file: ContactFile
    columns: list[SheetColumn] = field(default_factory=list)
    problem: str | None = None


def look_at(content: bytes, most: int, chosen: Chosen) -> Look:
    """Look at a file. Raises ExchangeProblem when nothing that is chosen makes it readable."""
    if file_format(content) == "vcard":
        return Look(read_file(content, most))
    layout = sheet_layout(content, chosen)
    columns = _columns(first_rows(content, layout), layout)
    if not layout.mapping.names_contacts:
        return Look(ContactFile("csv", [], layout.mapping.columns, chosen), columns, NO_NAMES)
    try:
        file = read_file(content, most, chosen)
    except ExchangeProblem as problem:
        return Look(ContactFile("csv", [], layout.mapping.columns, chosen), columns, str(problem))
    return Look(file, columns, None if file.entries else "The file has no contacts.")


def _columns(rows: list[list[str]], layout: SheetLayout) -> list[SheetColumn]:
    mapping = layout.mapping
    return [
        SheetColumn(one_line(heading), _samples(rows, place), target_code(target), target_code(guess))
        for place, (heading, target, guess) in enumerate(
            zip(mapping.columns, mapping.targets, layout.guess, strict=True)
        )
    ]


def _samples(rows: list[list[str]], place: int) -> list[str]:
    """Return the first few different texts of a column."""
    texts = (one_line(cells[place])[:LONGEST_SAMPLE] for cells in rows if len(cells) > place)
    return list(dict.fromkeys(text for text in texts if text))[:SAMPLES]
