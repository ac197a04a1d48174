"""Keys, people, and one running gateway for each file of tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from controller.gateway.opcua.certificates import make_certificate
from controller.gateway.users import add_user
from tests.gateway.plant import Plant, gateway
from tests.gateway.visitors import PASSWORD, Keys, Pki
from tests.harness.loopback import _free_address as free_address


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    folder = tmp_path_factory.mktemp("pki")
    made = {
        name: Keys(folder / f"{name}.pem", folder / f"{name}_key.pem", f"urn:test:{name}")
        for name in ("client", "colleague", "stranger", "server")
    }
    for name, keys in made.items():
        make_certificate(keys.certificate, keys.key, keys.uri, name)
    users = folder / "users.toml"
    people = {"olga": "operator", "vera": "viewer", "emil": "engineer", "bodil": "buyer"}
    for name, role in people.items():
        add_user(users, name, role=role, password=PASSWORD)
    add_user(users, "guessed", role="operator", password=PASSWORD)
    return Pki(folder, made["client"], made["colleague"], made["stranger"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plant(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Plant]:
    """One gateway for all tests of a file: none of them may leave a trace in it."""
    async with gateway(pki, tmp_path_factory.mktemp("gateway"), *free_address()) as running:
        yield running


@pytest.fixture(autouse=True)
def asked_anew(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "plant" in request.fixturenames:
        running = request.getfixturevalue("plant")
        running.asked.clear()
        running.refusal = None
