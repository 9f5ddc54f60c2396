"""Files as they are shown."""

from collections.abc import Sequence

from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.schemas import FileOut
from mainstay.work import Row, UnitOfWork


async def shown(uow: UnitOfWork, row: Row) -> FileOut:
    """Return a file with its forms."""
    return (await shown_all(uow, [row]))[0]


async def shown_all(uow: UnitOfWork, rows: Sequence[Row]) -> list[FileOut]:
    """Return files with their forms."""
    forms = await repository.forms(uow, [row["id"] for row in rows])
    return [
        FileOut.model_validate(
            dict(row) | {"forms": [dict(form) for form in forms if form["file_id"] == row["id"]]},
        )
        for row in rows
    ]
