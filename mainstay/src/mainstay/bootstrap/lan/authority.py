"""The shop's own certificate authority: made once, trusted once by each device, good for private names alone."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mainstay import clock, crypto
from mainstay.bootstrap.lan import files
from mainstay.bootstrap.lan.names import LOCALHOST, LOOPBACK, NETWORKS, Names
from mainstay.errors import ConfigurationError

KEY_FILE = "authority.key"
FILE = "authority.crt"
LIFE = timedelta(days=3652)
# Apple's devices take at most 825 days from authorities that their owner added; short, because renewal costs nothing.
SERVER_LIFE = timedelta(days=90)
RENEW_BEFORE = timedelta(days=30)
# A device's clock may be a little behind this one.
BACKDATED = timedelta(hours=1)
# Whatever a thief of the key signs beyond these is refused by the devices (RFC 5280, 4.2.1.10).
PERMITTED = (*NETWORKS, "127.0.0.0/8", "::1/128")
DOMAINS = ("local", LOCALHOST)
_SERVING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate and its key, which signs certificates for this machine's private names."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def kept(cls, folder: Path, title: str, names: Names) -> "Authority":
        """Return the authority in `folder`, made where there is none or where it ends soon.

        Raises ConfigurationError when the key is open to others, or the files are damaged.
        """
        path = folder / KEY_FILE
        if path.exists():
            files.check_private(path)
            found = cls._read(folder)
            if clock.now() < found.certificate.not_valid_after_utc - RENEW_BEFORE:
                return found
        made = cls.make(title, names)
        pem = serialization.Encoding.PEM
        secret = made.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        # The certificate first: a key without one is never read.
        files.write(folder / FILE, made.certificate.public_bytes(pem), mode=0o644)
        files.write(path, secret)
        return made

    @classmethod
    def _read(cls, folder: Path) -> "Authority":
        try:
            key = serialization.load_pem_private_key((folder / KEY_FILE).read_bytes(), None)
            certificate = read_certificate(folder / FILE)
        except (OSError, ValueError, TypeError) as failure:
            raise ConfigurationError(
                f"The certificate authority in {folder} is damaged; delete the folder to begin with a new one."
            ) from failure
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ConfigurationError(
                f"Key and certificate in {folder} do not belong together; delete the folder to begin with new ones."
            )
        return cls(certificate, key)

    @classmethod
    def make(cls, title: str, names: Names) -> "Authority":
        """Return a new authority of `title` that may sign for private addresses and for the machine's names."""
        key = ec.generate_private_key(ec.SECP256R1())
        machine = names.hosts[-1] if names.hosts else LOCALHOST
        # The ending tells an older one of the same shop from this one in a device's list.
        subject = _name(f"{title} on {machine} {crypto.new_token(3)}"[:64], title)
        now = clock.now()
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = (
            _begin(subject, subject, key.public_key())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(now + LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(_constraints(names), critical=True)
            .add_extension(_SERVING, critical=False)
            .add_extension(identifier, critical=False)
        )
        return cls(builder.sign(key, hashes.SHA256()), key)

    def permitted(self, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of `hosts` that this authority may sign for: it is older than a name that changed."""
        constraints = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        domains = [name.value for name in constraints.permitted_subtrees or () if isinstance(name, x509.DNSName)]
        return tuple(host for host in hosts if any(host == name or host.endswith(f".{name}") for name in domains))

    def issue(self, names: Names) -> bytes:
        """Return a new key and a certificate for `names` and the loopback, in PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = clock.now()
        signer = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        certificate = (
            _begin(_name(LOCALHOST), self.certificate.subject, key.public_key())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(min(now + SERVER_LIFE, self.certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(_SERVING, critical=False)
            .add_extension(x509.SubjectAlternativeName(_general(self.wanted(names))), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return secret + certificate.public_bytes(pem)

    def wanted(self, names: Names) -> tuple[str, ...]:
        """Return what a certificate for `names` holds."""
        return (*names.numbers, *LOOPBACK, *self.permitted(names.hosts), LOCALHOST)


def read_certificate(path: Path) -> x509.Certificate:
    """Return the first certificate in a PEM file; raises OSError and ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def fingerprint(certificate: x509.Certificate, pairs: int) -> list[str]:
    """Return the SHA-256 of a certificate as devices show it, in lines of so many pairs of digits."""
    digest = certificate.fingerprint(hashes.SHA256())
    return [digest[start : start + pairs].hex(":").upper() for start in range(0, len(digest), pairs)]


def names_in(certificate: x509.Certificate) -> frozenset[str]:
    """Return the addresses and names that a certificate is for."""
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    numbers = (str(number) for number in found.get_values_for_type(x509.IPAddress))
    return frozenset((*numbers, *found.get_values_for_type(x509.DNSName)))


def _begin(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    return builder.public_key(key).serial_number(x509.random_serial_number())


def _name(common: str, organisation: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    return x509.Name(parts)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _constraints(names: Names) -> x509.NameConstraints:
    own = [host for host in names.hosts if "." not in host]
    networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in PERMITTED]
    return x509.NameConstraints([*(x509.DNSName(name) for name in (*DOMAINS, *own)), *networks], None)


def _general(names: tuple[str, ...]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found
