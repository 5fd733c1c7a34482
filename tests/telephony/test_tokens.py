"""What is in the access token of a browser phone, as Twilio would read it."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from telephony import tokens

KEY, SECRET = "SK" + "3" * 32, "the secret of the key, which is not the token"
IDENTITY = "agent_5f0c0a2e8d6b4c0e9f1a2b3c4d5e6f70"


@pytest.fixture
def with_key(settings):
    settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET, settings.TWILIO_TOKEN_MINUTES = KEY, SECRET, 7


def now():
    return datetime.now(UTC)


def read(token, secret=SECRET):
    return jwt.decode(token.jwt, secret, algorithms=["HS256"])


@pytest.mark.usefixtures("with_key")
def test_a_token_lets_one_identity_be_rung_and_ring_nobody(settings):
    at = now()

    payload = read(tokens.voice_token(IDENTITY, at=at))

    assert payload["grants"] == {"identity": IDENTITY, "voice": {"incoming": {"allow": True}}}
    assert (payload["iss"], payload["sub"]) == (KEY, settings.TWILIO_ACCOUNT_SID)
    assert payload["jti"].startswith(f"{KEY}-")
    assert payload["nbf"] == int(at.timestamp())


@pytest.mark.usefixtures("with_key")
def test_a_token_ends_when_the_setting_says_and_the_page_is_told(settings):
    at = now()

    token = tokens.voice_token(IDENTITY, at=at)

    assert token.expires_at == at.replace(microsecond=0) + timedelta(minutes=7)
    assert read(token)["exp"] == token.expires_at.timestamp()
    with pytest.raises(jwt.ExpiredSignatureError):
        read(tokens.voice_token(IDENTITY, at=at - timedelta(minutes=8)))


@pytest.mark.usefixtures("with_key")
def test_the_key_signs_and_the_account_token_does_not(settings):
    settings.TWILIO_AUTH_TOKEN = "the token of the account, as long as a real one"

    token = tokens.voice_token(IDENTITY, at=now())

    assert jwt.get_unverified_header(token.jwt) == {"alg": "HS256", "cty": "twilio-fpa;v=1", "typ": "JWT"}
    with pytest.raises(jwt.InvalidSignatureError):
        read(token, settings.TWILIO_AUTH_TOKEN)


@pytest.mark.usefixtures("with_key")
def test_a_region_is_told_in_the_header(settings):
    settings.TWILIO_REGION = "ie1"

    assert jwt.get_unverified_header(tokens.voice_token(IDENTITY, at=now()).jwt)["twr"] == "ie1"


@pytest.mark.parametrize("missing", ["TWILIO_API_KEY", "TWILIO_API_SECRET"])
@pytest.mark.usefixtures("with_key")
def test_without_a_whole_key_there_is_no_token_but_a_sentence(settings, missing):
    setattr(settings, missing, "")

    with pytest.raises(tokens.NoKey, match="needs TWILIO_API_KEY and TWILIO_API_SECRET"):
        tokens.voice_token(IDENTITY, at=now())
