"""Self-signed application certificates (OPC UA Part 6, 6.2.2), for the server and for clients."""

import datetime as dt
import ipaddress
import os
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from controller.gateway.clock import real_utc_now as utc_now

RSA_BITS = 2048
LIFE = dt.timedelta(days=5 * 365)
# A client whose clock is a little behind must not find a certificate of the future.
ALREADY_VALID_FOR = dt.timedelta(hours=1)


def make_certificate(
    path: Path,
    key_path: Path,
    uri: str,
    name: str,
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1"),
) -> None:
    """Write a new key (mode 0600) and its certificate, both as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    start = utc_now() - ALREADY_VALID_FOR
    certificate = _certificate(key, uri, name, hosts, start)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(key_path, pem, 0o600)
    _write(path, certificate.public_bytes(Encoding.PEM), 0o644)


def load_pair(
    path: Path, key_path: Path, uri: str, host: str
) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """The server's certificate and key; both are made when neither is there."""
    if not path.exists() and not key_path.exists():
        hosts = tuple(dict.fromkeys((socket.gethostname(), "localhost", host)))
        make_certificate(path, key_path, uri, "Hearth", hosts)
    key = load_pem_private_key(key_path.read_bytes(), None)
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    if not isinstance(key, rsa.RSAPrivateKey) or certificate.public_key() != key.public_key():
        raise ValueError(f"{path} and {key_path} are not an RSA certificate and its key")
    return certificate, key


def _certificate(
    key: rsa.RSAPrivateKey, uri: str, name: str, hosts: tuple[str, ...], start: dt.datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + LIFE)
        .add_extension(_names(uri, hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_KEY_USAGE, critical=True)
        .add_extension(usage, critical=False)
        .add_extension(identifier, critical=False)
    )
    return builder.sign(key, hashes.SHA256())


_KEY_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=True,
    data_encipherment=True,
    key_agreement=False,
    key_cert_sign=True,  # it signs itself
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _names(uri: str, hosts: tuple[str, ...]) -> x509.SubjectAlternativeName:
    names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri)]
    for host in hosts:
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return x509.SubjectAlternativeName(names)


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
    path.chmod(mode)
