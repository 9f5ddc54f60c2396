"""The API documentation in the browser: Swagger UI from this machine, within the security policy."""

import html
import importlib.resources
from collections.abc import Callable
from functools import partial
from importlib.resources.abc import Traversable
from string import Template

import fastapi_offline

from mainstay.web.files import REVALIDATE, File, media_type

PATH = "/api/docs"
_OURS = ("init.js", "page.css")
_SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png")


def docs_files(title: str) -> dict[str, Callable[[], File]]:
    """Return what makes the page and all it loads, by address."""
    ours = importlib.resources.files(__package__)
    swagger = importlib.resources.files(fastapi_offline) / "static"
    sources = [*((ours, name) for name in _OURS), *((swagger, name) for name in _SWAGGER)]
    files = {f"{PATH}/{name}": partial(_file, folder.joinpath(name), name) for folder, name in sources}
    return {PATH: partial(_page, ours.joinpath("page.html"), title), **files}


def _file(source: Traversable, name: str) -> File:
    return File.packed(source.read_bytes(), media_type(name), REVALIDATE)


def _page(source: Traversable, title: str) -> File:
    text = Template(source.read_text(encoding="utf-8")).substitute(title=html.escape(title))
    return File.packed(text.encode(), media_type(".html"), REVALIDATE)
