"""A mail server of this machine for tests: takes mails, refuses them as told, and can be away and come back."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from mainstay import clock

HERE = "127.0.0.1"
USER, PASSWORD = "shop", "postal-pigeons-9"
TAKEN = "250 taken"


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as the server got it."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    content: bytes
    was_encrypted: bool

    def part(self, kind: str) -> str:
        """Return the text of a part: `plain` or `html`."""
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


class MailServer:
    """A real server on a port of its own, which it keeps while it is away. `replies` are answers by recipient.

    `security` is "plain", "starttls" (demanded, and the sign-in with it) or "tls".
    """

    def __init__(self, security: str = "plain", certificate: Path | None = None) -> None:
        self.security = security
        self.received: list[Received] = []
        self.replies: dict[str, str] = {}
        self.data_reply = TAKEN
        self.tries = 0
        self.port = 0
        self._trust = _server_context(certificate) if certificate else None
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The address for settings, without a password."""
        scheme = "smtps" if self.security == "tls" else "smtp"
        return f"{scheme}://{HERE}:{self.port}"

    async def start(self) -> None:
        """Answer from now on."""
        context = self._trust if self.security == "tls" else None
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._protocol, HERE, self.port, ssl=context)
        self.port = self._listener.sockets[0].getsockname()[1]

    def _protocol(self) -> SMTP:
        needs_tls = self.security == "starttls"
        return SMTP(
            self,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=self._trust if needs_tls else None,
            require_starttls=needs_tls,
            authenticator=_authenticate if needs_tls else None,
            auth_required=needs_tls,
        )

    async def stop(self) -> None:
        """Be away: connections are refused."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
            await listener.wait_closed()

    async def refresh(self) -> None:
        """Be as at the beginning, at the same address."""
        self.received, self.replies, self.data_reply, self.tries = [], {}, TAKEN, 0
        if self._listener is None:
            await self.start()

    # -- what the server calls -----------------------------------------------------------------------------------------

    async def handle_RCPT(  # noqa: N802  aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or refuse it as the test said."""
        self.tries += 1
        reply = self.replies.get(address, TAKEN)
        if reply == TAKEN:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  likewise
        """Take a mail, or refuse it as the test said."""
        if self.data_reply != TAKEN:
            return self.data_reply
        content = envelope.original_content or b""
        message = BytesParser(policy=policy.default).parsebytes(content)
        assert isinstance(message, EmailMessage)
        sender, recipients = str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos))
        encrypted = session.ssl is not None or self.security == "tls"
        self.received.append(Received(sender, recipients, message, content, encrypted))
        return TAKEN


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, told: object) -> AuthResult:
    is_right = isinstance(told, LoginPassword) and told == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def make_certificate(path: Path, *, name: str = "localhost", number: str = HERE) -> Path:
    """Write a certificate for a name and a number, signed by itself, with its key, into one file; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = clock.now() - timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address(number))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
async def make_mail_server() -> AsyncIterator[Callable[..., Awaitable[MailServer]]]:
    """Starts mail servers, and ends them with the test."""
    servers: list[MailServer] = []

    async def make(security: str = "plain", certificate: Path | None = None) -> MailServer:
        server = MailServer(security, certificate)
        await server.start()
        servers.append(server)
        return server

    yield make
    for server in servers:
        await server.stop()


@pytest.fixture(scope="session")
async def _post_office() -> AsyncIterator[MailServer]:
    server = MailServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def post_office_url(_post_office: MailServer) -> str:
    """The address of `mail_server`, for the settings of programs that live as long as the run."""
    return _post_office.url


@pytest.fixture
async def mail_server(_post_office: MailServer) -> MailServer:
    """A mail server of this machine, without encryption, that takes everything and has not got anything yet."""
    await _post_office.refresh()
    return _post_office
