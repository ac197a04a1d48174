"""Trust is a file in a folder, put there by a person; everybody else is turned away."""

import datetime as dt
from pathlib import Path

import pytest
from asyncua.common.utils import ServiceError
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from controller.gateway.clock import utc_now
from controller.gateway.opcua.certificates import load_pair, make_certificate
from controller.gateway.opcua.trust import REJECTED_FILES, TrustStore, application_uri


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "client.pem"
    make_certificate(path, tmp_path / "client_key.pem", "urn:test:client", "client")
    return path


@pytest.fixture
def store(tmp_path: Path) -> TrustStore:
    return TrustStore(tmp_path / "trusted", tmp_path / "rejected")


def test_nobody_is_trusted_at_first(store: TrustStore, made: Path) -> None:
    assert not store.trusts(der(made))
    assert not store.trusts(None)


def test_a_certificate_in_the_folder_is_trusted_without_a_restart(
    store: TrustStore, made: Path, tmp_path: Path
) -> None:
    before = store.trusts(der(made))

    (tmp_path / "trusted" / "client.pem").write_bytes(made.read_bytes())

    assert not before
    assert store.trusts(der(made))


def test_a_binary_file_will_do_and_rubbish_does_no_harm(
    store: TrustStore, made: Path, tmp_path: Path
) -> None:
    (tmp_path / "trusted" / "rubbish.der").write_bytes(b"rubbish")
    (tmp_path / "trusted" / "client.der").write_bytes(der(made))

    assert store.trusts(der(made))


def test_one_bit_more_or_less_is_another_certificate(
    store: TrustStore, made: Path, tmp_path: Path
) -> None:
    (tmp_path / "trusted" / "client.pem").write_bytes(made.read_bytes())
    wrong = bytearray(der(made))
    wrong[-1] ^= 1

    assert not store.trusts(bytes(wrong))
    assert not store.trusts(der(made) + b"\x00")


def test_a_certificate_that_has_run_out_is_not_trusted(
    store: TrustStore, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trusted" / "client.pem").write_bytes(made.read_bytes())
    in_six_years = utc_now() + dt.timedelta(days=6 * 365)

    monkeypatch.setattr("controller.gateway.opcua.trust.utc_now", lambda: in_six_years)

    assert not store.trusts(der(made))


def test_a_refused_certificate_is_kept_for_a_look(
    store: TrustStore, made: Path, tmp_path: Path
) -> None:
    with pytest.raises(ServiceError):
        store.check(der(made), "10.0.0.1")

    assert [path.read_bytes() for path in (tmp_path / "rejected").iterdir()] == [der(made)]


def test_strangers_cannot_fill_the_disk(store: TrustStore, tmp_path: Path) -> None:
    for number in range(REJECTED_FILES + 50):
        with pytest.raises(ServiceError):
            store.check(b"stranger %d" % number, "10.0.0.1")
    with pytest.raises(ServiceError):
        store.check(b"x" * 100_000, "10.0.0.1")

    assert len(list((tmp_path / "rejected").iterdir())) == REJECTED_FILES


def test_a_certificate_names_its_application_and_hosts(made: Path) -> None:
    names = x509.load_pem_x509_certificate(made.read_bytes()).extensions
    hosts = names.get_extension_for_class(x509.SubjectAlternativeName).value

    assert application_uri(der(made)) == "urn:test:client"
    assert hosts.get_values_for_type(x509.DNSName) == ["localhost"]
    assert application_uri(b"rubbish") is None


def test_a_key_is_readable_by_its_owner_alone(made: Path) -> None:
    key = made.with_name("client_key.pem")

    assert key.stat().st_mode & 0o777 == 0o600


def test_the_servers_pair_is_made_once(tmp_path: Path) -> None:
    paths = (tmp_path / "server.pem", tmp_path / "server_key.pem")

    first, _ = load_pair(*paths, "urn:test:server", "127.0.0.1")
    second, key = load_pair(*paths, "urn:test:server", "127.0.0.1")

    assert first == second
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048


def test_a_key_that_does_not_fit_its_certificate_is_refused(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other_key.pem"
    make_certificate(tmp_path / "other.pem", other, "urn:test:other", "other")

    with pytest.raises(ValueError, match="and its key"):
        load_pair(made, other, "urn:test:client", "127.0.0.1")


def der(path: Path) -> bytes:
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
