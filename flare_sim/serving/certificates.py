"""Certificates made on the spot: an authority of its own, and what it gives to a server and to its users.

They are made as NVFLARE's provisioning makes them (2.3.12 to 2.9.0): RSA, since its sessions sign with that, the name
as common name, the organisation, and the role as unstructured name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from flare_sim.users import User

__all__ = ["LONGEST_NAME", "Authority", "Credentials"]

LONGEST_NAME = 64
"""A certificate names nobody at greater length (X.520)."""
_KEY_BITS = 2048
_PUBLIC_EXPONENT = 65537


class Credentials(NamedTuple):
    """A certificate and its private key, as PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """Who signs certificates: one for each server that is served.

    Args:
        begins: from when its certificates are good,
        ends: and until when.
    """

    def __init__(self, begins: datetime, ends: datetime) -> None:
        self._validity = begins, ends
        self._key = _new_key()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "flare-sim")])
        made = self._builder(self._name, self._key.public_key())
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        made = made.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        self.certificate = _pem(made.sign(self._key, hashes.SHA256()))

    def server(self, name: str, hosts: Iterable[str]) -> Credentials:
        """Return credentials of a server that is reached by these names and addresses."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names = x509.SubjectAlternativeName([*map(_general_name, dict.fromkeys(hosts))])
        return self._issued(subject, ExtendedKeyUsageOID.SERVER_AUTH, names)

    def user(self, user: User) -> Credentials:
        """Return a user's credentials.

        Raises:
            ValueError: the name, or that of the organisation, is too long for a certificate.
        """
        for what, text in (("user", user.name), ("organisation", user.org)):
            if len(text.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
                raise ValueError(f"{what} {shown(text)} gets no certificate: more than {LONGEST_NAME} bytes")
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, user.name),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, user.org),
                x509.NameAttribute(NameOID.UNSTRUCTURED_NAME, user.role),
            ]
        )
        return self._issued(subject, ExtendedKeyUsageOID.CLIENT_AUTH)

    def sign(self, content: bytes) -> bytes:
        """Sign a file as provisioning does, for a session that looks whether it is as it was made (2.7)."""
        salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.MAX_LENGTH)
        signature: bytes = self._key.sign(content, salted, hashes.SHA256())
        return signature

    def _issued(self, subject: x509.Name, purpose: Any, *extensions: Any) -> Credentials:
        key = _new_key()
        made = self._builder(subject, key.public_key())
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_usage(digital_signature=True, key_encipherment=True), critical=True)
        made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        for extension in extensions:
            made = made.add_extension(extension, critical=False)
        certificate = _pem(made.sign(self._key, hashes.SHA256()))
        form = serialization.PrivateFormat.TraditionalOpenSSL
        return Credentials(
            certificate, key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        )

    def _builder(self, subject: x509.Name, key: Any) -> x509.CertificateBuilder:
        begins, ends = self._validity
        builder = x509.CertificateBuilder().issuer_name(self._name).subject_name(subject).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return builder.add_extension(issuer, critical=False)


def _new_key() -> Any:
    return rsa.generate_private_key(_PUBLIC_EXPONENT, _KEY_BITS)


def _pem(certificate: Any) -> bytes:
    written: bytes = certificate.public_bytes(serialization.Encoding.PEM)
    return written


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def _general_name(host: str) -> x509.GeneralName:
    from ipaddress import ip_address

    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
