"""The account of a person."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from agents.models import User


def test_it_is_the_account_that_people_log_in_with():
    assert get_user_model() is User


@pytest.mark.django_db
def test_a_new_account_may_do_nothing_until_it_has_a_role():
    user = User.objects.create_user("ann")

    assert not user.is_staff
    assert not user.is_superuser
    assert user.get_all_permissions() == set()


@pytest.mark.django_db
def test_a_user_name_is_there_once():
    User.objects.create_user("ann")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ann")
