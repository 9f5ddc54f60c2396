"""The API documentation in the browser: Swagger UI from this machine, within the security policy."""

import html
import importlib.resources
from string import Template

import fastapi_offline

from mainstay.web.files import REVALIDATE, File, media_type

PATH = "/api/docs"
_OURS = ("init.js", "page.css")
_SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png")


def docs_files(title: str) -> dict[str, File]:
    """Return the page and all it loads, by address."""
    ours = importlib.resources.files(__package__)
    swagger = importlib.resources.files(fastapi_offline) / "static"
    page = Template(ours.joinpath("page.html").read_text(encoding="utf-8")).substitute(title=html.escape(title))
    sources = [*((ours, name) for name in _OURS), *((swagger, name) for name in _SWAGGER)]
    files = {
        f"{PATH}/{name}": File.of(folder.joinpath(name).read_bytes(), media_type(name), REVALIDATE)
        for folder, name in sources
    }
    return {PATH: File.of(page.encode(), media_type(".html"), REVALIDATE), **files}
