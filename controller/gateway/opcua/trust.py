"""Which client certificates are trusted: those an operator has put into the folder, no others."""

import hashlib
from pathlib import Path

import structlog
from asyncua.common.utils import ServiceError
from asyncua.ua.status_codes import StatusCodes
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from controller.gateway.clock import real_utc_now as utc_now

SMALLEST_KEY_BITS = 2048
LARGEST_CERTIFICATE_BYTES = 8 * 1024
REJECTED_FILES = 100
PEM = b"-----BEGIN"

Files = tuple[tuple[str, int, int], ...]

log = structlog.get_logger()


class TrustStore:
    """The trusted folder, read again whenever it changes, and the folder of those turned away."""

    def __init__(self, trusted: Path, rejected: Path) -> None:
        self._trusted_dir = trusted
        self._rejected_dir = rejected
        for folder in (trusted, rejected):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._files: Files | None = None
        self._trusted: frozenset[bytes] = frozenset()

    def trusts(self, der: bytes | None) -> bool:
        """Whether this certificate is in the folder, valid today, and its key long enough."""
        return der is not None and der in self._current() and _sound(der)

    def check(self, der: bytes | None, address: str) -> None:
        """Refuse a channel of a stranger and keep his certificate for an operator to look at."""
        if self.trusts(der):
            return
        thumb = "none" if der is None else hashlib.sha256(der).hexdigest()
        log.warning("opcua certificate refused", address=address, sha256=thumb)
        if der is not None:
            self._keep(der, thumb)
        raise ServiceError(StatusCodes.BadSecurityChecksFailed)

    def _current(self) -> frozenset[bytes]:
        files = self._list()
        if files != self._files:
            self._trusted = frozenset(filter(None, (self._read(name) for name, _, _ in files)))
            self._files = files
            log.info("opcua trust list read", certificates=len(self._trusted))
        return self._trusted

    def _list(self) -> Files:
        found = ((path.name, path.stat()) for path in sorted(self._trusted_dir.iterdir()))
        return tuple((name, status.st_mtime_ns, status.st_size) for name, status in found)

    def _read(self, name: str) -> bytes | None:
        try:
            content = (self._trusted_dir / name).read_bytes()
            pem = content.startswith(PEM)
            load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
            return load(content).public_bytes(Encoding.DER)
        except (OSError, ValueError) as reason:
            log.warning("opcua trust list: not a certificate", file=name, why=str(reason))
            return None

    def _keep(self, der: bytes, thumb: str) -> None:
        file = self._rejected_dir / f"{thumb[:32]}.der"
        if len(der) > LARGEST_CERTIFICATE_BYTES or file.exists():
            return
        if sum(1 for _ in self._rejected_dir.iterdir()) < REJECTED_FILES:
            file.write_bytes(der)


def application_uri(der: bytes) -> str | None:
    """The URI by which a certificate names its application."""
    try:
        names = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
    except (ValueError, x509.ExtensionNotFound):
        return None
    uris = names.value.get_values_for_type(x509.UniformResourceIdentifier)
    return uris[0] if uris else None


def _sound(der: bytes) -> bool:
    certificate = x509.load_der_x509_certificate(der)
    key = certificate.public_key()
    long_enough = isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_KEY_BITS
    return (
        long_enough
        and certificate.not_valid_before_utc <= utc_now() <= certificate.not_valid_after_utc
    )
