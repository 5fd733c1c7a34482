"""The page on which a flow is written: its picture, its panels, and what they save."""

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from agents import roles
from ivr.actions import stepping
from ivr.admin.workshop.panels import PANELS
from ivr.drafting import snapshots
from ivr.kinds import KINDS
from ivr.models import Edit, Exit, Flow, OpenPage, Prompt, Step
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


@pytest.fixture
def auditor(client):
    client.force_login(rows.person(roles.AUDITOR))
    return client


def address(name, flow, **query):
    found = reverse(f"admin:ivr_flow_{name}", args=[flow.pk])
    return found + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def picture(client, flow, **query):
    return client.get(address("picture", flow, **query)).json()


def form(client, flow, step=None):
    return client.get(address("step", flow, step=step.pk) if step else address("settings", flow)).content.decode()


def revision(page):
    return re.search(r'name="_revision" value="(\w+)"', page)[1]


def save(client, flow, step, seen=None, **fields):
    """Save the form of a message; `seen` is the page that was open."""
    sent = {"name": step.name, "_revision": revision(seen or form(client, flow, step)), **fields}
    return client.post(address("step", flow, step=step.pk), sent)


def edit(client, flow, what, **fields):
    return client.post(address("edit", flow), {"what": what, **fields})


# ---- the page


def test_the_page_shows_at_once_and_knows_where_everything_is(editor):
    flow = rows.simple_flow()

    page = editor.get(address("change", flow)).content.decode()

    assert address("picture", flow) in page
    for panel in PANELS:
        assert panel.address(flow.pk) in page
    for kind in KINDS:
        assert f'data-kind="{kind}"' in page


def test_the_page_needs_few_queries_whatever_the_size_of_the_flow(editor, django_assert_max_num_queries):
    flow = rows.simple_flow()
    for number in range(30):
        rows.step(flow, f"Step {number}")

    with django_assert_max_num_queries(12):
        editor.get(address("change", flow))


def test_nothing_is_sent_to_the_page_itself(editor):
    assert editor.post(address("change", rows.simple_flow())).status_code == 405


def test_a_flow_that_is_gone_leads_back_to_the_list(editor):
    assert editor.get(reverse("admin:ivr_flow_change", args=[4711])).status_code == 302


def test_who_may_only_look_gets_no_buttons_that_change(auditor):
    page = auditor.get(address("change", rows.simple_flow())).content.decode()

    assert 'data-may-edit=""' in page
    assert "ws-undo" not in page


def test_the_panel_of_the_address_is_the_open_one(editor):
    page = editor.get(address("change", rows.simple_flow(), panel="versions")).content.decode()

    assert 'id="tab-versions" aria-controls="dock-versions" aria-selected="true"' in page


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_each_panel_is_a_fragment_for_who_may_see_it(client, panel):
    flow = rows.simple_flow()
    stranger = rows.person(roles.AGENT)
    client.force_login(stranger)
    refused = client.get(panel.address(flow.pk), headers={"hx-request": "true"})
    client.force_login(rows.person(roles.ADMINISTRATOR))

    shown = client.get(panel.address(flow.pk), headers={"hx-request": "true"})

    assert refused.status_code in (302, 403)
    assert shown.status_code == 200
    assert "<html" not in shown.content.decode()


# ---- the picture


def test_the_picture_tells_steps_exits_and_that_nothing_is_published(editor):
    flow = rows.simple_flow()

    drawn = picture(editor, flow)

    assert [node["name"] for node in drawn["nodes"]] == ["The end", "Greeting"]
    assert "Never published" in drawn["status"]["text"]
    assert drawn["undo"] is None


def test_the_picture_tells_whether_callers_meet_the_draft(editor):
    flow = rows.publish(rows.simple_flow())

    before = picture(editor, flow)["status"]
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    after = picture(editor, flow)["status"]

    assert before == {"tone": "good", "text": "Callers meet exactly this: version 1"}
    assert "Changed since version 1" in after["text"]


def test_problems_are_told_at_their_steps_and_those_of_the_flow_apart(editor):
    flow = rows.simple_flow()
    rows.step(flow, "Forgotten")
    flow.languages.all().delete()

    drawn = picture(editor, flow)

    forgotten = next(node for node in drawn["nodes"] if node["name"] == "Forgotten")
    assert [problem["severity"] for problem in forgotten["problems"]] == ["warning"]
    assert drawn["warnings"] >= 1
    assert any("speaks no language" in text for text in drawn["general"])


def test_a_draft_that_cannot_be_read_is_drawn_and_says_so(editor):
    flow = rows.simple_flow()
    flow.steps.filter(name="The end").update(settings={"reason": "no such reason"})

    drawn = picture(editor, flow)

    assert "Step “The end”" in drawn["broken"]
    assert len(drawn["nodes"]) == 2


def test_a_version_is_drawn_against_an_older_one(editor):
    flow = rows.publish(rows.simple_flow())
    stepping.add_step(flow.pk, "hang_up", after=None, name="Other", by=None, at=rows.AT)
    stepping.connect(flow.pk, stepping.Way(flow.first_id, "next"), flow.steps.get(name="Other").pk, by=None, at=rows.AT)
    rows.publish(flow)

    drawn = picture(editor, flow, of=2, since=1)

    assert {node["name"]: node["change"] for node in drawn["nodes"]} == {
        "The end": "",
        "Greeting": "changed",
        "Other": "added",
    }
    assert editor.get(address("picture", flow, since="x")).status_code == 404


def test_the_picture_needs_few_queries_whatever_the_size_of_the_flow(editor, django_assert_max_num_queries):
    flow = rows.simple_flow()
    before = flow.first
    for number in range(30):
        before = rows.says(
            rows.step(flow, f"Step {number}", "message", exits={"next": before}), "message", rows.prompt()
        )

    with django_assert_max_num_queries(40):
        picture(editor, flow)


def test_coverage_is_asked_for(editor):
    flow = rows.simple_flow()

    assert {edge["covered"] for edge in picture(editor, flow)["edges"]} == {None}
    assert {edge["covered"] for edge in picture(editor, flow, covered=1)["edges"]} == {False}


# ---- the form of a step


def test_a_step_is_saved_in_place_and_the_edit_is_noted(editor):
    flow = rows.simple_flow()

    answer = save(editor, flow, flow.first, name="Welcome", prompt_message="", exit_next=flow.steps.first().pk)

    assert answer.status_code == 200
    assert flow.steps.filter(name="Welcome").exists()
    said = json.loads(answer.headers["HX-Trigger"])["workshop:saved"]["said"]
    assert said == Edit.objects.get().words
    assert "Welcome" in said
    assert "Name" in said
    assert 'value="Welcome"' in answer.content.decode()


def test_errors_stand_at_their_fields_and_nothing_is_saved(editor):
    flow = rows.simple_flow()

    answer = save(editor, flow, flow.first, name="The end")

    assert answer.status_code == 422
    assert "already has a step with this name" in answer.content.decode()
    assert not Edit.objects.exists()


def test_a_form_that_was_opened_before_somebody_else_saved_is_not_saved_over_it(client):
    flow = rows.simple_flow()
    ann, bob = rows.person(roles.FLOW_EDITOR, username="ann"), rows.person(roles.ADMINISTRATOR, username="bob")
    client.force_login(ann)
    seen = form(client, flow, flow.first)
    client.force_login(bob)
    save(client, flow, flow.first, name="Bob's name")
    client.force_login(ann)

    answer = save(client, flow, flow.first, seen, name="Ann's name")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "bob" in page
    assert "Changed “Bob&#x27;s name”: Name" in page
    assert "data-only-mine" not in page
    assert Step.objects.get(pk=flow.first_id).name == "Bob's name"
    flow.first.refresh_from_db()
    assert save(client, flow, flow.first, page, name="Ann's name").status_code == 200


def test_a_change_of_another_step_is_no_conflict(editor):
    flow = rows.simple_flow()
    seen = form(editor, flow, flow.first)
    stepping.add_step(flow.pk, "menu", after=None, by=None, at=rows.AT)

    assert save(editor, flow, flow.first, seen, name="Welcome").status_code == 200


def test_a_step_with_rows_is_saved_with_them(editor):
    flow = rows.simple_flow()
    menu = rows.step(flow, "Choose", "menu")
    sent = {
        "setting_timeout": "4",
        "setting_max_silences": "2",
        "setting_max_mistakes": "2",
        "setting_threshold": "0.6",
        "setting_speech_pause": "2",
        "exits-TOTAL_FORMS": "1",
        "exits-INITIAL_FORMS": "0",
        "exits-0-name": "Sales",
        "exits-0-keys": "1",
        "exits-0-target": flow.first_id,
    }

    answer = save(editor, flow, menu, **sent)

    assert answer.status_code == 200, answer.content.decode()
    assert Exit.objects.get(step=menu, is_option=True).target == flow.first
    assert "Options" in Edit.objects.get().words


def test_a_step_that_was_deleted_meanwhile_says_so(editor):
    flow = rows.simple_flow()

    answer = editor.get(address("step", flow, step=4711))

    assert answer.status_code == 404
    assert "not there any more" in answer.content.decode()


def test_saving_needs_few_queries_whatever_the_size_of_the_flow(editor, django_assert_max_num_queries):
    flow = rows.simple_flow()
    for number in range(50):
        rows.step(flow, f"Step {number}")
    seen = form(editor, flow, flow.first)

    with django_assert_max_num_queries(60):
        save(editor, flow, flow.first, seen, name="Welcome")


def test_who_may_only_look_reads_the_step_in_words(auditor):
    flow = rows.simple_flow()

    page = form(auditor, flow, flow.first)
    refused = auditor.post(address("step", flow, step=flow.first_id), {"name": "Mine"})

    assert "Hello." in page
    assert "<form" not in page
    assert refused.status_code == 403


def test_a_flow_without_steps_offers_the_first(editor):
    page = editor.get(address("step", rows.flow())).content.decode()

    assert 'data-adds="message"' in page


# ---- the flow itself

ENGLISH, SPANISH = ("en-US", "Polly.Joanna-Neural"), ("es-US", "Polly.Lupe-Neural")


def places(client, flow, *typed):
    """Save the form of a flow whose languages have these places."""
    there = list(flow.languages.order_by("pk"))
    fields = {"languages-TOTAL_FORMS": str(len(typed)), "languages-INITIAL_FORMS": str(len(there))}
    for index, (language, voice, place) in enumerate(typed):
        prefix = f"languages-{index}-"
        fields |= {f"{prefix}language": language, f"{prefix}voice": voice, f"{prefix}position": place}
        fields |= {f"{prefix}id": there[index].pk, f"{prefix}flow": flow.pk} if index < len(there) else {}
    sent = {"name": flow.name, "description": "", "first": flow.first_id, "_revision": revision(form(client, flow))}
    return client.post(address("settings", flow), sent | fields)


@pytest.mark.parametrize(
    ("english", "spanish", "order"),
    [("1", "2", ["en-US", "es-US"]), ("2", "1", ["es-US", "en-US"]), ("1", "", ["en-US", "es-US"])],
)
def test_the_order_of_languages_is_typed(editor, english, spanish, order):
    flow = rows.simple_flow()

    answer = places(editor, flow, (*ENGLISH, english), (*SPANISH, spanish))

    assert answer.status_code == 200
    assert [row.language for row in flow.languages.order_by("position")] == order
    assert "Languages" in Edit.objects.get().words


def test_two_languages_cannot_have_the_same_place(editor):
    flow = rows.simple_flow()

    answer = places(editor, flow, (*ENGLISH, "1"), (*SPANISH, "1"))

    assert "Another row has this place already." in answer.content.decode()
    assert flow.languages.count() == 1


# ---- what is done on the picture


def test_steps_are_added_connected_copied_and_deleted(editor):
    flow = rows.simple_flow()

    added = edit(editor, flow, "add", kind="message", step=flow.first_id, exit="next").json()
    copied = edit(editor, flow, "duplicate", step=added["choose"]).json()
    edit(editor, flow, "connect", step=flow.first_id, exit="next", to=copied["choose"])
    edit(editor, flow, "first", step=copied["choose"])
    gone = edit(editor, flow, "delete", step=added["choose"]).json()

    flow.refresh_from_db()
    assert gone["said"] == "Deleted “Message”"
    assert flow.first_id == int(copied["choose"])
    assert set(flow.steps.values_list("name", flat=True)) == {"Greeting", "The end", "Message 2"}


def test_undo_and_redo_go_by_the_edit_that_was_seen(editor):
    flow = rows.simple_flow()
    edit(editor, flow, "first", step=flow.steps.get(name="The end").pk)
    seen = picture(editor, flow)["undo"]

    undone = edit(editor, flow, "undo", edit=seen["id"])
    again = edit(editor, flow, "undo", edit=seen["id"])
    redone = edit(editor, flow, "redo", edit=seen["id"])

    assert (undone.status_code, again.status_code, redone.status_code) == (200, 409, 200)
    assert "Somebody has changed the flow" in again.json()["said"]
    assert seen["text"] == "Calls begin in “The end”"


@pytest.mark.parametrize(
    ("what", "fields"), [("nothing", {}), ("add", {"kind": "x"}), ("delete", {"step": "x"}), ("connect", {})]
)
def test_what_makes_no_sense_is_not_found(editor, what, fields):
    assert edit(editor, rows.simple_flow(), what, **fields).status_code == 404


def test_who_may_only_look_changes_nothing(auditor):
    flow = rows.simple_flow()

    assert edit(auditor, flow, "delete", step=flow.first_id).status_code == 403
    assert flow.steps.count() == 2


def test_before_a_step_is_deleted_it_is_told_what_would_break(editor):
    flow = rows.simple_flow()
    end = flow.steps.get(name="The end")

    of_end = editor.get(reverse("admin:ivr_flow_deleting", args=[flow.pk, end.pk])).content.decode()
    of_first = editor.get(reverse("admin:ivr_flow_deleting", args=[flow.pk, flow.first_id])).content.decode()

    assert "“Next” of “Greeting” leads here" in of_end
    assert "the flow would have no first step" in of_first


def test_what_was_done_is_listed_in_words(editor):
    flow = rows.simple_flow()
    edit(editor, flow, "add", kind="message")

    page = editor.get(address("done", flow)).content.decode()

    assert "Added “Message”" in page
    assert "flow-editor" in page


# ---- several people


def test_pages_tell_that_they_are_open_and_hear_of_the_others(client):
    flow = rows.simple_flow()
    client.force_login(rows.person(roles.ADMINISTRATOR, username="bob"))
    client.post(address("presence", flow), {"page": str(uuid4()), "step": flow.first_id})
    client.force_login(rows.person(roles.FLOW_EDITOR))
    mine = str(uuid4())

    answer = client.post(address("presence", flow), {"page": mine, "step": ""}).json()
    client.post(address("presence", flow), {"page": mine, "left": "yes"})

    assert answer["others"] == [{"name": "bob", "stepId": str(flow.first_id), "step": "Greeting", "isMe": False}]
    assert OpenPage.objects.count() == 1
    assert client.post(address("presence", flow), {"page": "x"}).status_code == 404


def test_a_new_flow_leads_to_its_workshop(editor):
    answer = editor.post(
        reverse("admin:ivr_flow_add"),
        {
            "name": "Fresh",
            "description": "",
            "languages-TOTAL_FORMS": "1",
            "languages-INITIAL_FORMS": "0",
            "languages-0-language": "en-US",
            "languages-0-voice": "Polly.Joanna-Neural",
            "languages-0-position": "",
        },
    )

    assert answer.url == address("change", Flow.objects.get(name="Fresh"))


def test_two_that_write_at_the_same_time_are_told_apart_by_the_revision(editor):
    flow = rows.simple_flow()
    seen = form(editor, flow, flow.first)

    first = save(editor, flow, flow.first, seen, name="One")
    second = save(editor, flow, flow.first, seen, name="Two")

    assert (first.status_code, second.status_code) == (200, 409)
    assert "data-only-mine" in second.content.decode()
    assert snapshots.of_step(snapshots.read(flow.pk), flow.first_id) in second.content.decode()
