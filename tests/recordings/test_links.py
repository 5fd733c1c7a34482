from uuid import uuid4

import pytest
from django.core.signing import Signer

from recordings import links
from recordings.models import ShareLink


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
