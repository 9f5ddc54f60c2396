"""What the operator reads."""

from pathlib import Path

import pytest

from mainstay.bootstrap.banner import Ready, full, http_address


def test_the_operator_reads_where_to_go_and_what_to_do() -> None:
    ready = Ready(
        title="Sample",
        version="1.2.3",
        address="http://localhost:8000",
        data="/data",
        notices=("Become the owner: /setup#abc", "All is calm."),
        logs=Path("/data/log"),
        network=("  In your network:", "    https://192.168.1.20:8000"),
    )

    assert ready.text().splitlines() == [
        "Sample 1.2.3 is ready.",
        "  Open  http://localhost:8000",
        "  In your network:",
        "    https://192.168.1.20:8000",
        "  Become the owner: http://localhost:8000/setup#abc",
        "  All is calm.",
        "  Data  /data",
        "  Logs  /data/log",
        "  Stop with Ctrl C.",
    ]


def test_a_path_by_itself_is_completed_and_a_text_without_one_is_left_alone() -> None:
    assert full("/setup#abc", "http://localhost:1") == "http://localhost:1/setup#abc"
    assert full("Nothing to do.", "http://localhost:1") == "Nothing to do."


@pytest.mark.parametrize(
    ("host", "public_url", "address"),
    [
        ("127.0.0.1", None, "http://localhost:8000"),
        ("0.0.0.0", None, "http://localhost:8000"),
        ("::1", None, "http://localhost:8000"),
        ("192.0.2.7", None, "http://192.0.2.7:8000"),
        ("2001:db8::7", None, "http://[2001:db8::7]:8000"),
        ("shop.example", None, "http://shop.example:8000"),
        ("127.0.0.1", "https://shop.example/", "https://shop.example"),
    ],
)
def test_the_address_is_the_one_that_people_open(host: str, public_url: str | None, address: str) -> None:
    assert http_address(host, 8000, public_url) == address


def test_with_a_certificate_the_address_is_secure() -> None:
    assert http_address("0.0.0.0", 8443, is_secure=True) == "https://localhost:8443"
    assert http_address("fd00::7", 8443, is_secure=True) == "https://[fd00::7]:8443"
