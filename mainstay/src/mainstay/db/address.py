"""Addresses of databases: URLs, whose parameter `role` names the role that the program takes on with a connection.

Without SQLAlchemy, which the parent of `serve` does not load.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit

PARAMETER = "role"
SUFFIX = "_runtime"
# PostgreSQL cuts longer names (NAMEDATALEN - 1).
LONGEST_NAME = 63


def split(url: str) -> tuple[str, str | None]:
    """Return an address without its parameter `role`, and the role."""
    parameters = _parameters(url)
    role = parameters.pop(PARAMETER, None)
    return (url, None) if role is None else (_with(url, parameters), role)


def of_login(url: str) -> str:
    """Return the address for who logs in there, without the role that the program takes on."""
    return split(url)[0]


def user_of(url: str) -> str | None:
    """Return the name of who logs in."""
    name = urlsplit(url).username
    return None if name is None else unquote(name)


def under(url: str, role: str) -> str:
    """Return the address with a role that the program takes on."""
    return _with(url, {**_parameters(url), PARAMETER: role})


def with_role(url: str) -> str:
    """Return the address with the role under which the program runs: the one it names, or the database's own.

    Its name comes from the database's, because roles are shared by all databases of a server and rights are not to be.
    """
    login, role = split(url)
    if role is not None:
        return url
    database = unquote(urlsplit(login).path.removeprefix("/")) or user_of(login) or "program"
    return under(login, database.encode()[: LONGEST_NAME - len(SUFFIX)].decode(errors="ignore") + SUFFIX)


def with_parameters(url: str, parameters: Mapping[str, object]) -> str:
    """Return the address with further parameters, unless it has them."""
    return _with(url, {name: str(value) for name, value in parameters.items()} | _parameters(url))


def libpq_url(url: str) -> str:
    """Return an address (any postgresql spelling, with or without a role) as libpq and psycopg take it."""
    login, role = split(url)
    parameters = _parameters(login)
    if role is not None:
        escaped = re.sub(r"([\\ ])", r"\\\1", role)
        parameters["options"] = f"{parameters.get('options', '')} -c role={escaped}".strip()
    return "postgresql://" + _with(login, parameters).partition("://")[2]


def _parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _with(url: str, parameters: dict[str, str]) -> str:
    """Return the address with these parameters instead of its own; spaces are no plus signs, which libpq keeps."""
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters.items())
    return url.partition("?")[0] + (f"?{query}" if query else "")
