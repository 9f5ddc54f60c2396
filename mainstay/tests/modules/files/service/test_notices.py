"""What senders are told; that both languages have the same is looked at for all kinds of Tradepost at once."""

import pytest

from mainstay.mail.letter import lay_out
from mainstay.mail.settings import Language
from mainstay.modules.files.service import notices
from mainstay.modules.files.service.notices import INFECTED, LETTERS
from mainstay.modules.files.service.scanning import Upload
from mainstay.work import UnitOfWork

LANGUAGES: tuple[Language, ...] = ("en", "ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_can_be_written(language: Language) -> None:
    values = dict.fromkeys(("brand", "file", "found", "at"), "VALUE")

    for part in lay_out(LETTERS.write(INFECTED.name, language, values, "https://shop.example/"), "Shop"):
        assert "VALUE" in part
        assert "{" not in part.split("</style>")[-1]


async def test_what_a_program_sent_is_told_to_nobody(uow: UnitOfWork) -> None:
    await notices.tell_infected(uow, Upload("files.file", "list.pdf"), None, "Eicar", None)

    assert await uow.read_value("SELECT count(*) FROM notifications_item") == 0
