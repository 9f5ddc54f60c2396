"""Addresses of databases: URLs, whose parameter `role` names the role that the program takes on with a connection."""

import re

from sqlalchemy import URL, make_url

PARAMETER = "role"
SUFFIX = "_runtime"
# PostgreSQL cuts longer names (NAMEDATALEN - 1).
LONGEST_NAME = 63


def split(url: str) -> tuple[URL, str | None]:
    """Return an address without its parameter `role`, and the role."""
    whole = make_url(url)
    role = whole.query.get(PARAMETER)
    return whole.difference_update_query([PARAMETER]), role if isinstance(role, str) else None


def of_login(url: str) -> str:
    """Return the address for who logs in there, without the role that the program takes on."""
    return split(url)[0].render_as_string(hide_password=False)


def with_role(url: str) -> str:
    """Return the address with the role under which the program runs: the one it names, or the database's own.

    Its name comes from the database's, because roles are shared by all databases of a server and rights are not to be.
    """
    whole, role = split(url)
    if role is None:
        database = whole.database or whole.username or "program"
        role = database.encode()[: LONGEST_NAME - len(SUFFIX)].decode(errors="ignore") + SUFFIX
    return whole.update_query_dict({PARAMETER: role}).render_as_string(hide_password=False)


def libpq_url(url: str) -> str:
    """Return an address (any postgresql spelling, with or without a role) as libpq and psycopg take it."""
    whole, role = split(url)
    whole = whole.set(drivername="postgresql")
    if role is not None:
        escaped = re.sub(r"([\\ ])", r"\\\1", role)
        given = whole.query.get("options", "")
        whole = whole.update_query_dict({"options": f"{given} -c role={escaped}".strip()})
    address, mark, query = whole.render_as_string(hide_password=False).partition("?")
    # A plus sign is no space to libpq.
    return address + mark + query.replace("+", "%20")
