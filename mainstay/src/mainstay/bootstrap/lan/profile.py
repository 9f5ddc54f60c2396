"""The authority as a profile for iPhone, iPad and Mac, which shows the shop's name instead of a file's."""

import plistlib
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

MEDIA_TYPE = "application/x-apple-aspen-config"


def profile(certificate: x509.Certificate, title: str) -> bytes:
    """Return a configuration profile (Apple's format) that installs `certificate` as a root.

    Its identifiers follow from the certificate, so that a second download replaces the first.
    """
    digest = certificate.fingerprint(hashes.SHA256())
    name = str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    own = f"local.{digest[:8].hex()}"
    root = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{own}.root",
        "PayloadUUID": _identifier(digest[:16]),
        "PayloadDisplayName": name,
        "PayloadCertificateFileName": "authority.crt",
        "PayloadContent": certificate.public_bytes(serialization.Encoding.DER),
    }
    whole = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": own,
        "PayloadUUID": _identifier(digest[16:]),
        "PayloadDisplayName": name,
        "PayloadDescription": f"Lets this device open {title} in the shop's network.",
        "PayloadContent": [root],
    }
    return plistlib.dumps(whole)


def _identifier(raw: bytes) -> str:
    return str(UUID(bytes=raw, version=4)).upper()
