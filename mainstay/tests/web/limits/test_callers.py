"""Who a request is counted for."""

import pytest
from starlette.types import Scope

from mainstay.errors import NotSignedIn
from mainstay.keyring import Keyring
from mainstay.web.limits import callers
from mainstay.web.limits.callers import MOST_NAMES, CredentialNames, address_of
from mainstay.web.routing import Edge
from mainstay.work import Actor, UnitOfWork, WorkOpener


def scope(client: tuple[str, int] | None = None, **headers: str) -> Scope:
    return {"client": client, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}


@pytest.mark.parametrize(
    ("client", "caller"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:a:b:c:d:e:f", "address:2001:db8:a:b::/64"),
        ("fe80::1%eth0", "address:fe80::/64"),
        ("::1", "address:::/64"),
        ("testclient", "address:testclient"),
        ("x" * 1000, f"address:{'x' * 64}"),
    ],
)
def test_an_address_is_one_of_version_4_or_a_network_of_version_6(client: str, caller: str) -> None:
    assert address_of(scope((client, 1))) == caller


def test_those_without_an_address_are_one_caller() -> None:
    assert address_of(scope()) == "address:none"


def credential_of(scope: Scope, edge: Edge) -> str | None:
    return callers.credential_of(scope, edge, CredentialNames(edge.keyring))


async def nobody(_uow: UnitOfWork, _token: str) -> Actor:
    raise NotSignedIn("Nobody is known here.")


@pytest.fixture
def edge(open_work: WorkOpener) -> Edge:
    return Edge(open_work, nobody, "session", Keyring(b"key"))


def test_a_credential_is_what_a_request_says_of_its_sender_and_opens_nothing(edge: Edge) -> None:
    given = [
        scope(cookie="session=secret-1"),
        scope(cookie="session=secret-2"),
        scope(authorization="Bearer secret-1"),
        scope(cookie="session=secret-1", authorization="Bearer secret-1"),
    ]

    names = [credential_of(one, edge) for one in given]

    assert len(set(names)) == 4
    assert not any("secret" in str(name) for name in names)
    assert credential_of(scope(cookie="theme=dark"), edge) is None


def test_another_program_has_another_name_for_the_same_credential(edge: Edge) -> None:
    other = Edge(edge.open_work, nobody, "session", Keyring(b"another key"))

    assert credential_of(scope(cookie="session=a"), edge) != credential_of(scope(cookie="session=a"), other)


def test_a_name_is_signed_once_and_what_opens_something_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = Keyring(b"key")
    signed: list[str] = []
    sign = keyring.sign

    def counted(purpose: str, text: str) -> str:
        signed.append(text)
        return sign(purpose, text)

    monkeypatch.setattr(keyring, "sign", counted)
    names = CredentialNames(keyring)

    first, again = names.name_of("secret-1"), names.name_of("secret-1")

    assert first == again == sign("limits", "secret-1")
    assert signed == ["secret-1"]
    assert "secret" not in repr(vars(names)["_known"])


def test_no_more_names_are_remembered_than_there_is_room_for() -> None:
    names = CredentialNames(Keyring(b"key"))
    for number in range(MOST_NAMES + 1):
        names.name_of(str(number))

    assert len(vars(names)["_known"]) <= MOST_NAMES
    assert names.name_of("0") == Keyring(b"key").sign("limits", "0")
