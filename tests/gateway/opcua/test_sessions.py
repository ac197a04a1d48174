"""A session belongs to one certificate, one person, one connection; thieves have the real token."""

import pytest
from asyncua import ua
from asyncua.ua.uaerrors import (
    BadApplicationSignatureInvalid,
    BadCertificateUriInvalid,
    BadIdentityChangeNotSupported,
    BadIdentityTokenRejected,
    BadSecurityModeRejected,
    BadServiceUnsupported,
    BadSessionIdInvalid,
    BadSessionNotActivated,
    BadTooManyOperations,
    BadTooManySessions,
    BadUserAccessDenied,
)

from tests.gateway.plant import Plant
from tests.gateway.visitors import (
    PASSWORD,
    activation,
    bare_channel,
    channel,
    heat_write,
    mode_read,
    program,
    send,
    token_of,
    visitor,
)

pytestmark = [pytest.mark.real_sockets, pytest.mark.asyncio(loop_scope="module")]


async def test_a_stolen_token_is_worth_nothing_under_another_certificate(plant: Plant) -> None:
    async with visitor(plant) as victim, channel(plant, plant.pki.colleague) as thief:
        stolen = token_of(victim)

        with pytest.raises(BadSessionIdInvalid):
            await send(thief, activation(ua.AnonymousIdentityToken()), stolen)
        with pytest.raises(BadSessionIdInvalid):
            await send(thief, heat_write(7000.0), stolen)
        mode = await victim.get_node("ns=2;s=plant.mode").read_value()

    assert plant.asked == []
    assert mode == "running"


async def test_a_stolen_token_is_worth_nothing_in_a_persons_own_session(plant: Plant) -> None:
    async with (
        visitor(plant) as victim,
        visitor(plant, "vera", keys=plant.pki.colleague) as thief,
    ):
        own = token_of(thief)

        with pytest.raises(BadSessionIdInvalid):
            await send(thief, heat_write(7000.0), token_of(victim))
        thief.uaclient.protocol.authentication_token = own

    assert plant.asked == []


async def test_a_failed_activation_leaves_nothing_bound_even_under_the_same_certificate(
    plant: Plant,
) -> None:
    async with visitor(plant) as victim, channel(plant) as thief:
        stolen = token_of(victim)

        with pytest.raises(BadApplicationSignatureInvalid):
            await send(thief, activation(ua.AnonymousIdentityToken()), stolen)
        with pytest.raises(BadSessionIdInvalid):
            await send(thief, heat_write(7000.0), stolen)
        mode = await victim.get_node("ns=2;s=plant.mode").read_value()

    assert plant.asked == []
    assert mode == "running"


async def test_a_session_moves_to_a_new_connection_of_its_owner_and_leaves_the_old(
    plant: Plant,
) -> None:
    async with visitor(plant) as before, channel(plant) as after:
        adopt(after, before)
        await after.activate_session("olga", PASSWORD)
        await send(after, heat_write(900.0))

        with pytest.raises(BadSessionIdInvalid):
            await send(before, heat_write(7000.0))
        await after.close_session()

    assert [wish.value for wish in plant.asked] == [900.0]


async def test_a_session_never_changes_its_person(plant: Plant) -> None:
    async with visitor(plant, "vera") as before, channel(plant) as after:
        adopt(after, before)

        with pytest.raises(BadIdentityChangeNotSupported):
            await after.activate_session("olga", PASSWORD)
        with pytest.raises(BadSessionIdInvalid):
            await send(after, heat_write(7000.0))

    assert plant.asked == []


async def test_a_session_that_is_not_activated_gets_nothing(plant: Plant) -> None:
    async with channel(plant) as client:
        await client.create_session()

        with pytest.raises(BadSessionNotActivated):
            await send(client, mode_read())
        with pytest.raises(BadSessionNotActivated):
            await send(client, heat_write(900.0))


async def test_without_a_session_nothing_is_served(plant: Plant) -> None:
    async with channel(plant) as client:
        with pytest.raises(BadSessionIdInvalid):
            await send(client, mode_read())


async def test_a_connection_has_one_session_at_a_time(plant: Plant) -> None:
    async with visitor(plant) as client:
        with pytest.raises(BadTooManySessions):
            await send(client, ua.CreateSessionRequest())


async def test_tokens_are_long_and_never_alike(plant: Plant) -> None:
    async with visitor(plant) as one, visitor(plant) as other:
        tokens = {token_of(one).Identifier, token_of(other).Identifier}

    assert len(tokens) == 2
    assert {len(token) for token in tokens} == {32}


async def test_nobody_comes_in_without_a_name(plant: Plant) -> None:
    async with channel(plant) as client:
        await client.create_session()
        request = ua.ActivateSessionRequest()
        request.Parameters.UserIdentityToken = ua.AnonymousIdentityToken()
        policy = client.security_policy
        challenge = policy.peer_certificate + client._server_nonce  # noqa: SLF001 - theirs
        signature = policy.asymmetric_cryptography.signature(challenge)
        request.Parameters.ClientSignature.Signature = signature

        with pytest.raises(BadIdentityTokenRejected):
            await send(client, request)


async def test_without_security_there_is_no_session(plant: Plant) -> None:
    async with bare_channel(plant) as client:
        with pytest.raises(BadSecurityModeRejected):
            await client.create_session()


async def test_a_stranger_cannot_register_a_server(plant: Plant) -> None:
    async with bare_channel(plant) as client:
        with pytest.raises(BadSessionIdInvalid):
            await send(client, ua.RegisterServerRequest())


async def test_nobody_changes_the_address_space(plant: Plant) -> None:
    async with visitor(plant, "emil") as client:
        with pytest.raises(BadServiceUnsupported):
            await send(client, ua.AddNodesRequest())
        with pytest.raises(BadServiceUnsupported):
            await send(client, ua.DeleteNodesRequest())


async def test_a_program_goes_by_the_name_in_its_certificate(plant: Plant) -> None:
    client = await program(plant)
    client.application_uri = "urn:somebody:else"
    client.set_user("olga")
    client.set_password(PASSWORD)

    with pytest.raises(BadCertificateUriInvalid):
        await client.connect()


async def test_a_wrong_password_is_refused(plant: Plant) -> None:
    with pytest.raises(BadUserAccessDenied):
        async with visitor(plant, "emil", "wrong horse battery"):
            pass


async def test_an_unknown_name_is_refused(plant: Plant) -> None:
    with pytest.raises(BadUserAccessDenied):
        async with visitor(plant, "nobody"):
            pass


async def test_five_wrong_passwords_shut_the_right_one_out_too(plant: Plant) -> None:
    for _ in range(5):
        with pytest.raises(BadUserAccessDenied):
            async with visitor(plant, "guessed", "wrong horse battery"):
                pass

    with pytest.raises(BadUserAccessDenied):
        async with visitor(plant, "guessed"):
            pass


async def test_subscriptions_of_others_are_out_of_reach(plant: Plant) -> None:
    async with visitor(plant) as owner, visitor(plant, "vera") as other:
        subscription = await owner.create_subscription(500, None)
        number = subscription.subscription_id
        ended = await other.uaclient.session.delete_subscriptions([number])
        own = await owner.uaclient.session.delete_subscriptions([number])

    assert ended[0].name == "BadSubscriptionIdInvalid"
    assert own[0].is_good()


async def test_no_request_asks_for_everything_at_once(plant: Plant) -> None:
    async with visitor(plant) as client:
        with pytest.raises(BadTooManyOperations):
            await send(client, mode_read(2001))


def adopt(after: object, before: object) -> None:
    """Carry a session's secrets to another connection of the same program."""
    after.uaclient.session.restore_authentication_token(token_of(before))
    after._server_nonce = before._server_nonce  # noqa: SLF001 - theirs
    after._policy_ids = before._policy_ids  # noqa: SLF001 - theirs
