import pytest
from django.core.exceptions import ValidationError

from recordings.models import Mailbox, Voicemail
from tests.recordings.factories import make_mailbox, make_user, make_voicemail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("addressees", "right"),
    [
        ("", True),
        ("ann@example.com", True),
        ("ann@example.com\n\nbob@example.com\n", True),
        ("ann@example.com\nbob", False),
    ],
)
def test_addressees_are_addresses(addressees: str, right: bool) -> None:
    mailbox = Mailbox(name="Sales", addressees=addressees)

    if right:
        mailbox.full_clean()
    else:
        with pytest.raises(ValidationError, match="bob is not an e-mail address"):
            mailbox.full_clean()


def test_members_see_what_lies_in_their_mailboxes_and_others_all_or_nothing() -> None:
    member, outsider, supervisor = (
        make_user("ann"),
        make_user("bob"),
        make_user("sue", "recordings.see_every_mailbox"),
    )
    sales = make_mailbox("Sales")
    sales.members.add(member)
    mine, other = make_voicemail(sales), make_voicemail(make_mailbox("Support"))

    assert set(Voicemail.objects.visible_to(member)) == {mine}
    assert set(Voicemail.objects.visible_to(outsider)) == set()
    assert set(Voicemail.objects.visible_to(supervisor)) == {mine, other}
