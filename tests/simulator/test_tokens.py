from datetime import UTC, datetime

import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from simulator.production import SIMULATED_ACCOUNT
from simulator.tokens import TokenRefused, read
from tests.simulator.signing import KEY, KEYS, SECRET, token

NOW = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
AT = NOW.timestamp()
VOICE = {"incoming": {"allow": True}}


def grant(text, now=NOW):
    return read(text, account_sid=SIMULATED_ACCOUNT, keys=KEYS, now=now)


def code(text, now=NOW):
    with pytest.raises(TokenRefused) as refused:
        grant(text, now)
    return refused.value.code


def test_a_token_of_twilios_own_library_opens_the_phone():
    made = AccessToken(SIMULATED_ACCOUNT, KEY, SECRET, identity="agent_7", ttl=300)
    made.add_grant(VoiceGrant(incoming_allow=True))

    read_ = grant(made.to_jwt(), datetime.now(UTC))

    assert read_.identity == "agent_7"
    assert 295 < (read_.expires - datetime.now(UTC)).total_seconds() <= 300


def test_a_token_says_who_and_until_when():
    assert grant(token(AT)).identity == "agent_ann"
    assert grant(token(AT)).expires.timestamp() == AT + 600


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 20101),
        ("a.b", 20101),
        ("a.b.c", 20101),
        ("é.é.é", 20101),
        (token(AT, secret="another secret"), 20101),
        (token(AT)[:-4] + "AAAA", 20101),
        (token(AT, header={"alg": "none", "cty": "twilio-fpa;v=1"}), 20101),
        (token(AT, header={"alg": "HS256"}), 20101),
        (token(AT, header=["HS256"]), 20101),
        (token(AT, exp="tomorrow"), 20101),
        (token(AT, exp=None), 20101),
        (token(AT, iss="SK" + "8" * 32), 20103),
        (token(AT, sub="AC" + "8" * 32), 20103),
        (token(AT, seconds=0), 20104),
        (token(AT - 700), 20104),
        (token(AT, nbf=int(AT) + 60), 20105),
        (token(AT, grants={"identity": "ann"}), 20106),
        (token(AT, grants={"identity": "ann", "voice": {"incoming": {"allow": False}}}), 20106),
        (token(AT, grants={"identity": "ann", "voice": {"outgoing": {"application_sid": "AP1"}}}), 20106),
        (token(AT, grants={"voice": VOICE}), 20106),
        (token(AT, grants=[]), 20106),
        (token(AT, identity="ann and bob"), 20106),
        (token(AT, identity="a" * 257), 20106),
        (token(AT, seconds=25 * 3600), 31207),
    ],
)
def test_a_token_that_opens_nothing_is_refused_with_twilios_code(text, expected):
    assert code(text) == expected
