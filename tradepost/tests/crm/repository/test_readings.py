"""Results of engines: found again by content, unless an engine failed, and summed up by engine and reason."""

from dataclasses import replace

from cards_read import ENGINES, reading

from mainstay.work import UnitOfWork
from tradepost.crm.cards.reading import EngineCall
from tradepost.crm.cards.storing import as_json
from tradepost.crm.repository import readings
from tradepost.crm.repository.readings import Result

ALL = f"google_vision/v1+1 {ENGINES}"
WELL = EngineCall("google_vision", 400)


def result(sha: bytes, *calls: EngineCall) -> Result:
    return Result(sha, ALL, as_json([replace(reading(), engines=ALL, calls=calls)]), 900)


def failed(reason: str, milliseconds: int = 1000) -> tuple[EngineCall, EngineCall]:
    return EngineCall("google_vision", milliseconds, reason), EngineCall("rapidocr", 700)


async def test_a_result_is_found_again(uow: UnitOfWork) -> None:
    await readings.add(uow, result(b"1", WELL))
    found = await readings.find(uow, b"1", ALL)
    assert found == as_json([replace(reading(), engines=ALL, calls=(WELL,))])
    assert await readings.find(uow, b"1", ENGINES) is None


async def test_a_result_is_kept_as_it_was_first_made(uow: UnitOfWork) -> None:
    await readings.add(uow, result(b"1", WELL))
    await readings.add(uow, result(b"1", replace(WELL, milliseconds=9)))
    assert await readings.find(uow, b"1", ALL) == result(b"1", WELL).readings


async def test_a_result_for_which_another_engine_stood_in_is_made_again(uow: UnitOfWork) -> None:
    await readings.add(uow, result(b"1", *failed("timeout")))
    assert await readings.find(uow, b"1", ALL) is None
    await readings.add(uow, result(b"1", WELL))
    assert await readings.find(uow, b"1", ALL) == result(b"1", WELL).readings


async def test_each_engine_has_its_calls_and_its_failures_by_reason(uow: UnitOfWork) -> None:
    await readings.add(uow, result(b"1", WELL))
    await readings.add(uow, result(b"2", *failed("timeout", 2000)))
    await readings.add(uow, result(b"3", *failed("breaker_open", 0)))
    await readings.add(uow, result(b"4", *failed("breaker_open", 0)))
    google, rapid, tesseract = await readings.figures(uow)
    assert (google["engine"], google["calls"], google["call_ms_mean"]) == ("google_vision", 4, 600.0)
    assert google["failures"] == {"timeout": 1, "breaker_open": 2}
    assert (rapid["engine"], rapid["calls"], rapid["failures"]) == ("rapidocr", 3, {})
    assert (rapid["call_ms_mean"], rapid["call_ms_p95"]) == (700.0, 700.0)
    assert (tesseract["calls"], tesseract["call_ms_mean"], tesseract["failures"]) == (0, None, {})


async def test_results_from_before_calls_were_counted_have_none(uow: UnitOfWork) -> None:
    stored = as_json([reading()])
    assert isinstance(stored, list)
    assert isinstance(stored[0], dict)
    del stored[0]["calls"]
    await readings.add(uow, Result(b"1", ENGINES, stored, 900))
    assert await readings.find(uow, b"1", ENGINES) == stored
    assert [row["calls"] for row in await readings.figures(uow)] == [0, 0]
