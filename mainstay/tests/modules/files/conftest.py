"""A program whose books have files, which lie in a folder."""

from collections.abc import Iterator

import pytest
from file_calls import filer

from mainstay.bootstrap.program import Program


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program under test."""
    with pytest.MonkeyPatch.context() as environment:
        yield filer(environment, "filer", tmp_path_factory.mktemp("data"))
