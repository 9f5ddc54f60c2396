"""Addresses carry the role that the program takes on, and each driver gets it in its own way."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from mainstay.db.address import libpq_url, of_login, split, under, user_of, with_role

SHOP = "postgresql://shop@db.example/shop"


def test_the_role_of_a_program_has_the_name_of_its_database() -> None:
    assert with_role(SHOP) == f"{SHOP}?role=shop_runtime"
    assert with_role("postgresql://shop@db.example") == "postgresql://shop@db.example?role=shop_runtime"


def test_a_role_that_an_address_names_stays() -> None:
    assert with_role(f"{SHOP}?role=seller") == f"{SHOP}?role=seller"


@pytest.mark.parametrize("name", ["b" * 63, "б" * 31])
def test_a_name_is_never_longer_than_the_database_keeps(name: str) -> None:
    _, role = split(with_role(f"postgresql://shop@db.example/{name}"))

    assert role is not None
    assert len(role.encode()) <= 63
    assert role.startswith(name[:20])
    assert role.endswith("_runtime")


def test_who_logs_in_has_the_address_without_the_role() -> None:
    assert of_login(f"{SHOP}?role=seller&sslmode=require") == f"{SHOP}?sslmode=require"
    assert of_login(SHOP) == SHOP


def test_libpq_gets_the_role_among_its_options() -> None:
    given = conninfo_to_dict(libpq_url("postgresql+asyncpg://shop@/shop?host=/run&role=the seller"))

    assert given == {"user": "shop", "dbname": "shop", "host": "/run", "options": r"-c role=the\ seller"}


def test_libpq_keeps_the_options_that_were_given() -> None:
    given = conninfo_to_dict(libpq_url(f"{SHOP}?options=-c jit=off&role=seller"))

    assert given["options"] == "-c jit=off -c role=seller"


def test_a_password_with_a_plus_sign_is_not_touched() -> None:
    address = libpq_url("postgresql://shop:a+b@db.example/shop?application_name=a b")  # pragma: allowlist secret

    assert conninfo_to_dict(address)["password"] == "a+b"
    assert conninfo_to_dict(address)["application_name"] == "a b"


def test_who_logs_in_is_known_by_name() -> None:
    assert user_of("postgresql://the%20shop:x@db.example/shop") == "the shop"  # pragma: allowlist secret
    assert user_of("postgresql:///shop") is None


def test_an_address_can_be_given_another_role() -> None:
    assert under(f"{SHOP}?role=seller&sslmode=require", "buyer") == f"{SHOP}?role=buyer&sslmode=require"
