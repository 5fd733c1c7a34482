"""Who may write raw TwiML: in the admin, by a file, by the API."""

import pytest
from django.urls import reverse

from agents import roles
from ivr import actions
from ivr.drafting import raw
from ivr.files import exporting, portable
from ivr.models import Flow, Step
from tests.ivr import rows

pytestmark = pytest.mark.django_db

TWIML = "<Response><Say>Hello.</Say></Response>"


def raw_flow():
    flow = rows.flow()
    end = rows.step(flow, "The end")
    flow.first = rows.step(flow, "Raw", "raw_twiml", settings={"twiml": TWIML}, exits={"next": end})
    flow.save()
    return flow


def test_administrators_may_and_flow_editors_may_not():
    assert raw.may_write(rows.person(roles.ADMINISTRATOR))
    assert not raw.may_write(rows.person(roles.FLOW_EDITOR))
    assert raw.may_write(None)


def test_what_a_change_writes_of_it_is_told_by_name():
    def document(**steps):
        return {"steps": {str(n): {"name": name, **step} for n, (name, step) in enumerate(steps.items())}}

    one = {"kind": "raw_twiml", "settings": {"twiml": "a"}}
    two = {"kind": "raw_twiml", "settings": {"twiml": "b"}}

    assert raw.written({}, document(A=one)) == ["A"]
    assert raw.written(document(A=one), document(A=one, B={"kind": "message"})) == []
    assert raw.written(document(A=one), document(A=two)) == ["A"]
    assert raw.written(document(A=one), document(B=one)) == ["B"]
    assert raw.written(document(A={"kind": "message"}), document(A=one)) == ["A"]


def test_who_may_not_sees_it_and_can_change_nothing(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    flow = raw_flow()
    page = reverse("admin:ivr_step_change", args=[flow.first_id])

    shown = client.get(page).content.decode()
    changed = client.post(page, {"name": "Raw", "setting_twiml": "<Response/>"})
    added = client.get(f"{reverse('admin:ivr_step_add')}?flow={flow.pk}&kind=raw_twiml")
    offered = client.get(f"{reverse('admin:ivr_step_add')}?flow={flow.pk}").content.decode()

    assert "&lt;Response&gt;&lt;Say&gt;Hello." in shown
    assert "<textarea" not in shown
    assert (changed.status_code, added.status_code) == (403, 403)
    assert Step.objects.get(pk=flow.first_id).settings == {"twiml": TWIML}
    assert "kind=raw_twiml" not in offered
    assert "ask one of them" in offered


def test_who_may_writes_it_in_a_field_of_many_lines(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    flow = raw_flow()
    page = reverse("admin:ivr_step_change", args=[flow.first_id])
    fields = {"exits-TOTAL_FORMS": "0", "exits-INITIAL_FORMS": "0", "setting_keep": ""}

    assert "<textarea" in client.get(page).content.decode()
    client.post(page, {"name": "Raw", "setting_twiml": "<Response>\n <Pause/>\n</Response>", **fields})

    assert Step.objects.get(pk=flow.first_id).settings["twiml"].splitlines() == [
        "<Response>",
        " <Pause/>",
        "</Response>",
    ]


def test_a_file_is_taken_in_by_who_may_not_only_while_it_leaves_raw_twiml_alone():
    editor, flow = rows.person(roles.FLOW_EDITOR), raw_flow()
    data = exporting.draft(flow)
    data["flow"]["description"] = "Changed."

    actions.import_draft(portable.read(data), into=flow, by=editor, at=rows.AT)
    data["steps"]["Raw"]["settings"] = {"twiml": "<Response><Pause/></Response>"}
    with pytest.raises(actions.NotImportable) as refused:
        actions.import_draft(portable.read(data), into=flow, by=editor, at=rows.AT)

    assert [fault.field for fault in refused.value.faults] == ["steps.Raw.settings.twiml"]
    assert "ask one of them" in refused.value.faults[0].text
    assert Flow.objects.get(pk=flow.pk).description == "Changed."
    assert Step.objects.get(name="Raw").settings == {"twiml": TWIML}
    actions.import_draft(portable.read(data), into=flow, by=rows.person(roles.ADMINISTRATOR), at=rows.AT)
    assert Step.objects.get(name="Raw").settings != {"twiml": TWIML}
