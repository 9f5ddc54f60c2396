"""The program under test: the sample program, unless a folder's own conftest says otherwise."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from bucket_server import BucketServer, bucket_in
from sample.main import make_program

from mainstay.bootstrap.program import Program
from mainstay.testing.hashes import cheap_hashes

# How long one example takes on a busy machine says nothing; what must be fast is measured by `make bench`.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


# Before any program reads its settings; the processes that tests start take it over.
os.environ.update(cheap_hashes("sample", "probe", "planted", "doorkeeper", "locksmith", "lab"))


@pytest.fixture(scope="session")
def program() -> Program:
    """The sample program."""
    return make_program()


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketServer]:
    """The S3 server of all tests that need one; take a bucket of your own, and never end it."""
    with bucket_in(tmp_path_factory.mktemp("bucket")) as server:
        yield server
