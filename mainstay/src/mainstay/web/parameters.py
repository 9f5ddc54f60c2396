"""Reading the query of a request by fields that were looked at once, not anew for every request.

FastAPI's own function asks each field for its kind, its names and its default whenever a request comes, which took a
list of products more time than its statement. What is out of the ordinary, bad values among it, is left to that
function: errors and meaning stay its own.
"""

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any
from urllib.parse import parse_qsl

from fastapi._compat import ModelField, field_annotation_is_scalar
from fastapi.dependencies.utils import request_params_to_args
from pydantic import Json
from pydantic_core import PydanticUndefined
from starlette.datastructures import QueryParams

# What FastAPI gives when a parameter is absent may be shared by all requests: nobody can change it.
_UNCHANGING = (NoneType, bool, int, str)

Found = tuple[dict[str, Any], list[Any]]


class QueryReader:
    """Reads the parameters of one operation from query strings."""

    def __init__(self, fields: Sequence[ModelField]) -> None:
        self._fields = fields
        self._is_plain = all(map(_is_plain, fields))
        self._named = [(field.name, field.validation_alias or field.alias, field) for field in fields]
        self._defaults = {field.name: field.default for field in fields} if self._is_plain else {}

    def read(self, query_string: bytes) -> Found:
        """Return the values by the names of the function's arguments, and what is wrong with them."""
        if self._is_plain:
            # As Starlette reads it: of several values with one name the last one holds.
            given = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)) if query_string else {}
            values = self._values(given)
            if values is not None:
                return values, []
        return request_params_to_args(self._fields, QueryParams(query_string))

    def _values(self, given: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the values, or None when one is missing or wrong."""
        values: dict[str, Any] = {}
        for name, alias, field in self._named:
            text = given.get(alias)
            if text is None:
                value = self._defaults[name]
                if value is PydanticUndefined:
                    return None
            else:
                value, errors = field.validate(text, values)
                if errors:
                    return None
            values[name] = value
        return values


def _is_plain(field: ModelField) -> bool:
    """Whether a field has one name, one value, and a default that is used as it is."""
    info = field.field_info
    return (
        not field.config
        and field_annotation_is_scalar(info.annotation)
        and not any(type(item) is Json for item in info.metadata)
        and (info.validation_alias is None or isinstance(info.validation_alias, str))
        and not info.validate_default
        and (info.is_required() or (info.default_factory is None and isinstance(info.default, _UNCHANGING)))
    )
