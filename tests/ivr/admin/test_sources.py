"""Sources: who sets up whom flows ask, and that their secret is shown once."""

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import Source
from rest import outgoing
from tests.ivr import rows

pytestmark = pytest.mark.django_db
ADD = reverse("admin:ivr_source_add")
SECRET = outgoing.new_secret()


@pytest.fixture
def administrator(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    return client


def source(**fields):
    return Source.objects.create(
        **{"name": "CRM", "address": "https://crm.example.com/callers", "secret": SECRET} | fields
    )


def test_a_new_source_comes_with_a_secret(administrator):
    secret = administrator.get(ADD).context["adminform"].form.fields["secret"].initial
    assert outgoing.secret_problem(secret) == ""

    administrator.post(ADD, {"name": "CRM", "address": " https://crm.example.com/callers ", "secret": secret})

    made = Source.objects.get()
    assert (made.address, made.secret) == ("https://crm.example.com/callers", secret)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"address": "http://crm.example.com/"}, "begin with https://"),
        ({"address": "https://10.0.0.1/"}, "private network"),
        ({"secret": "hello"}, "24 to 64 bytes"),
    ],
)
def test_what_cannot_be_asked_is_refused(administrator, fields, told):
    page = administrator.post(ADD, {"name": "CRM", "address": "https://crm.example.com/", "secret": SECRET} | fields)

    assert told in page.content.decode()
    assert not Source.objects.exists()


def test_its_secret_is_not_shown_again_and_stays(administrator):
    page = reverse("admin:ivr_source_change", args=[source().pk])
    assert SECRET not in administrator.get(page).content.decode()

    administrator.post(page, {"name": "Our CRM", "address": "https://crm.example.com/", "secret": ""})

    changed = Source.objects.get()
    assert (changed.name, changed.secret) == ("Our CRM", SECRET)


def test_who_writes_flows_chooses_among_them_but_reads_no_secret(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    page = client.get(reverse("admin:ivr_source_change", args=[source().pk])).content.decode()

    assert "crm.example.com" in page
    assert SECRET not in page
    assert client.get(ADD).status_code == 403


def test_what_callers_need_is_not_deleted(administrator):
    made = source()
    flow = rows.flow()
    end = rows.step(flow, "The end")
    flow.first = rows.says(
        rows.step(flow, "Ask", "look_up", source=made, exits={"found": end, "default": end}), "message", rows.prompt()
    )
    flow.save()
    rows.publish(flow)

    page = administrator.post(reverse("admin:ivr_source_delete", args=[made.pk]), {"post": "yes"})

    assert Source.objects.exists()
    assert "step Ask in flow Main" in page.content.decode()
