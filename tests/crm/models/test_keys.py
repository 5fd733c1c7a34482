from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from crm.models import Key
from crm.models.keys import check_network
from tests.agents.factories import AT, user
from tests.crm.asking import make_key


@pytest.mark.parametrize(
    ("networks", "address", "may"),
    [
        ([], "198.51.100.7", True),
        ([], None, True),
        (["198.51.100.7"], "198.51.100.7", True),
        (["198.51.100.0/24"], "198.51.100.7", True),
        (["192.0.2.0/24", "2001:db8::/32"], "2001:db8::1", True),
        (["198.51.100.0/24"], "198.51.101.7", False),
        (["198.51.100.0/24"], "2001:db8::1", False),
        (["198.51.100.0/24"], None, False),
    ],
)
def test_a_key_is_used_from_its_addresses_alone(networks, address, may):
    assert Key(addresses=networks).may_come_from(address) is may


@pytest.mark.parametrize("written", ["192.0.2.1", "192.0.2.0/24", "2001:db8::/32"])
def test_addresses_and_networks_are_taken(written):
    check_network(written)


@pytest.mark.parametrize("written", ["", "example.com", "192.0.2.1/24", "192.0.2.300"])
def test_other_words_are_not(written):
    with pytest.raises(ValidationError):
        check_network(written)


@pytest.mark.django_db
def test_valid_keys_are_neither_expired_nor_taken_back_nor_of_somebody_who_left():
    good, _ = make_key()
    make_key(expires_at=AT)
    later, _ = make_key(expires_at=AT + timedelta(seconds=1))
    gone, _ = make_key()
    Key.objects.filter(pk=gone.pk).update(revoked_at=AT)
    make_key(owner=user(is_active=False))

    assert set(Key.objects.valid(AT)) == {good, later}


@pytest.mark.django_db
def test_a_person_sees_their_own_keys_and_an_administrator_all():
    mine, _ = make_key(owner=user("Agent"))
    make_key(owner=user("Agent"))

    assert list(Key.objects.visible_to(mine.owner)) == [mine]
    assert Key.objects.visible_to(user("Administrator")).count() == 2
