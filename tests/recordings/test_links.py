from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core import signing
from django.core.signing import Signer

from agents.models import User
from recordings import links
from recordings.models import Recording, ShareLink


def test_an_address_leads_to_its_link() -> None:
    link = ShareLink(pk=uuid4())

    assert links.id_of(links.token_of(link)) == link.pk


@pytest.mark.parametrize(
    "token",
    ["", "rubbish", "0" * 32, Signer().sign("0" * 32), Signer(salt=links.SALT).sign("rubbish"), "0" * 32 + ":"],
)
def test_an_address_that_we_did_not_sign_leads_nowhere(token: str) -> None:
    with pytest.raises(links.NotOurs):
        links.id_of(token)


def test_a_signature_is_of_one_link() -> None:
    one, other = (links.token_of(ShareLink(pk=uuid4())) for _ in range(2))

    with pytest.raises(links.NotOurs):
        links.id_of(f"{one.partition(':')[0]}:{other.partition(':')[2]}")


def test_an_address_of_sound_tells_of_what_whose_why_and_until_when() -> None:
    until = datetime(2026, 3, 2, 15, tzinfo=UTC)
    token = links.media_token(Recording(pk=uuid4()), User(pk=7), reason="A complaint.", until=until)

    found = links.media_of(token)

    assert (found.user, found.reason, found.until) == (7, "A complaint.", until)


@pytest.mark.parametrize(
    "token",
    ["", "rubbish", Signer(salt=links.MEDIA_SALT).sign("0"), signing.dumps([1], salt=links.MEDIA_SALT)],
    ids=["nothing", "rubbish", "without a time", "of something else"],  # not the token: it has the time in it
)
def test_an_address_of_sound_that_we_did_not_make_leads_nowhere(token: str) -> None:
    with pytest.raises(links.NotOurs):
        links.media_of(token)
