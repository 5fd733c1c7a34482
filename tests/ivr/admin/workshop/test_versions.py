import pytest
from django.urls import reverse

from agents import roles
from ivr.models import Wording
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "status"), [(roles.FLOW_EDITOR, 200), (roles.AUDITOR, 200), (roles.AGENT, 403)])
def test_who_may_see_the_flow_sees_its_versions_in_the_dock_and_as_a_page(client, role, status):
    flow = rows.publish(rows.simple_flow())
    Wording.objects.update(text="Good morning.")
    rows.publish(flow)
    client.force_login(rows.person(role))
    address = reverse("admin:ivr_flow_versions", args=[flow.pk])

    panel, page = client.get(address, headers={"HX-Request": "true"}), client.get(address)

    assert (panel.status_code, page.status_code) == (status, status)
    if status == 200:
        assert panel.content.decode().lstrip().startswith('<section id="panel-versions"')
        assert "<script" not in panel.content.decode()
        assert "<html" in page.content.decode()
        assert (">Publish<" in panel.content.decode()) == (role == roles.FLOW_EDITOR)
        assert ("Undo: go back to version 1" in panel.content.decode()) == (role == roles.FLOW_EDITOR)
