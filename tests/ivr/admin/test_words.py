"""Each kind of step is explained where people choose one."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from agents import roles
from ivr.admin.words import ABOUT
from ivr.kinds import KINDS
from tests.ivr import rows


def test_each_kind_is_explained_in_a_few_words_of_its_own():
    told = [str(ABOUT[kind]) for kind in KINDS]

    assert len(set(told)) == len(KINDS)
    assert all(text.endswith(".") and len(text) < 130 for text in told)


@pytest.mark.django_db
def test_the_page_that_asks_for_the_kind_shows_them_all(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))

    page = client.get(f"{reverse('admin:ivr_step_add')}?flow={rows.flow().pk}").content.decode()

    assert [kind for kind in KINDS if escape(str(ABOUT[kind])) not in page] == []
