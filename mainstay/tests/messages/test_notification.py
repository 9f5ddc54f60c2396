"""Kinds of notifications: nobody has chosen anything at first, and two kinds of one name do not start."""

from dataclasses import replace

import pytest

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program
from mainstay.errors import ConfigurationError
from mainstay.mail.letter import Catalogue
from mainstay.messages.notification import NotificationKind
from mainstay.module import Module

KIND = NotificationKind("one.thing", Catalogue("mainstay.modules.backup"))


def test_a_kind_is_told_in_the_inbox_and_by_mail_unless_it_says_otherwise() -> None:
    assert (KIND.in_app, KIND.mail, KIND.is_security) == (True, "now", False)


def test_two_kinds_of_one_name_do_not_start(program: Program) -> None:
    twice = Module("twice", notifications=(KIND, KIND))
    with pytest.raises(ConfigurationError, match="kinds of notifications are called one"):
        check_program(replace(program, modules=(*program.modules, twice)))
