"""The worker's settings come from the environment and are checked."""

import pytest

from mainstay.errors import ConfigurationError
from mainstay.worker.settings import WorkerSettings


def test_concurrency_is_four_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert WorkerSettings.load("sample").concurrency == 4

    monkeypatch.setenv("SAMPLE_WORKER_CONCURRENCY", "9")
    assert WorkerSettings.load("sample").concurrency == 9


def test_a_worker_that_runs_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_WORKER_CONCURRENCY", "0")

    with pytest.raises(ConfigurationError, match="SAMPLE_WORKER_CONCURRENCY"):
        WorkerSettings.load("sample")


def test_a_worker_serves_all_queues_unless_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert WorkerSettings.load("sample").queues == ()

    monkeypatch.setenv("SAMPLE_WORKER_QUEUES", '["letters"]')
    assert WorkerSettings.load("sample").queues == ("letters",)
