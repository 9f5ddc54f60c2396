"""Apple's devices get the authority as a profile."""

import plistlib

from cryptography import x509

from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.profile import profile


def test_the_profile_installs_this_authority_as_a_root(keeper: Keeper) -> None:
    certificate = keeper.authority.certificate

    found = plistlib.loads(profile(certificate, "Tradepost"))

    (root,) = found["PayloadContent"]
    assert found["PayloadType"] == "Configuration"
    assert root["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(root["PayloadContent"]) == certificate
    assert found["PayloadDisplayName"].startswith("Tradepost on shop ")


def test_a_second_download_replaces_the_first(keeper: Keeper) -> None:
    certificate = keeper.authority.certificate

    assert profile(certificate, "Tradepost") == profile(certificate, "Tradepost")
    found = plistlib.loads(profile(certificate, "Tradepost"))
    assert found["PayloadUUID"] != found["PayloadContent"][0]["PayloadUUID"]
