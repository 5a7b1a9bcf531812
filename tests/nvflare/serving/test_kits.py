"""Startup kits and their certificates: as provisioning makes them, and good for what they say."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from flare_sim import User
from flare_sim.nvflare.releases import RELEASES, Release
from flare_sim.serving.certificates import Authority
from flare_sim.serving.kits import Address, Kits

NOW = datetime.now(timezone.utc).replace(microsecond=0)
USER = User("data@hospital.org", "hospital", "member")


@pytest.fixture(scope="module")
def authority() -> Authority:
    """One that is good for two days."""
    return Authority(NOW - timedelta(1), NOW + timedelta(1))


def kit_of(folder: Path, authority: Authority, release: Release = RELEASES[-1]) -> Path:
    """The `startup` of a user's kit."""
    return Path(Kits(str(folder), Address("twin", 8002), authority, release).user(USER), "startup")


def test_a_certificate_says_who_somebody_is(tmp_path: Path, authority: Authority) -> None:
    """Name, organisation and role, for clients, from the authority, for as long as that is good."""
    startup = kit_of(tmp_path, authority)
    mine = x509.load_pem_x509_certificate((startup / "client.crt").read_bytes())
    root = x509.load_pem_x509_certificate((startup / "rootCA.pem").read_bytes())
    mine.verify_directly_issued_by(root)
    names = [
        mine.subject.get_attributes_for_oid(oid)[0].value
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.UNSTRUCTURED_NAME)
    ]
    usage = mine.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value

    assert names == ["data@hospital.org", "hospital", "member"]
    assert [*usage] == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert mine.not_valid_after_utc == NOW + timedelta(1)


def test_a_server_is_known_by_the_hosts_it_is_reached_by(tmp_path: Path, authority: Authority) -> None:
    """Names and addresses, each once."""
    files = Kits(str(tmp_path), Address("twin", 8002), authority, RELEASES[-1]).server(("127.0.0.1", "twin", "::1"))
    certificate = x509.load_pem_x509_certificate(Path(files.certificate).read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert sorted(str(name.value) for name in names) == ["127.0.0.1", "::1", "twin"]


def test_a_kit_says_where_the_server_is(tmp_path: Path, authority: Authority) -> None:
    """To sessions of every release, whichever part of it they read."""
    said = json.loads((kit_of(tmp_path, authority) / "fed_admin.json").read_text())["admin"]

    assert (said["host"], said["port"], said["username"]) == ("twin", 8002, USER.name)
    assert said["overseer_agent"]["args"] == {"sp_end_point": "twin:8002:8002"}


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_a_kit_is_signed_for_sessions_that_look(tmp_path: Path, authority: Authority, release: Release) -> None:
    """Those of 2.7 want to see that its settings are as they were made."""
    startup = kit_of(tmp_path, authority, release)
    signed = startup / "signature.json"
    assert signed.exists() == release.wants_signature
    if release.wants_signature:
        root = x509.load_pem_x509_certificate((startup / "rootCA.pem").read_bytes())
        scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.MAX_LENGTH)
        signature = b64decode(json.loads(signed.read_text())["fed_admin.json"])
        root.public_key().verify(  # type: ignore[union-attr,call-arg,unused-ignore]
            signature, (startup / "fed_admin.json").read_bytes(), scheme, hashes.SHA256()
        )


def test_a_kit_is_made_anew_over_one_of_before(tmp_path: Path, authority: Authority) -> None:
    """What was downloaded there stays."""
    startup = kit_of(tmp_path, authority)
    kept = startup.parent / "transfer" / "result"
    kept.write_text("kept")
    before = (startup / "client.crt").read_bytes()

    assert (kit_of(tmp_path, authority) / "client.crt").read_bytes() != before
    assert kept.read_text() == "kept"
