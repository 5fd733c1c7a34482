"""Publishing: what stops it, what changes for whom, and the way back."""

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import Prompt, Version, Visit
from tests.calls.factories import make_call
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def publish_page(flow):
    return reverse("admin:ivr_flow_publish", args=[flow.pk])


def test_publishing_makes_a_numbered_version_with_its_note_and_its_author(editor):
    flow = rows.simple_flow()

    answer = editor.post(publish_page(flow), {"note": "First try"})

    version = Version.objects.get(flow=flow)
    assert answer.url == reverse("admin:ivr_flow_change", args=[flow.pk])
    assert (version.number, version.note, version.published_by.username) == (1, "First try", "flow-editor")


def test_errors_stop_publishing_and_link_to_their_step(editor):
    flow = rows.simple_flow()
    flow.first.exits.all().delete()

    page = editor.get(publish_page(flow)).content.decode()
    answer = editor.post(publish_page(flow), {"note": ""})

    assert reverse("admin:ivr_step_change", args=[flow.first_id]) in page
    assert "disabled" in page
    assert "Not published: there are errors." in answer.content.decode()
    assert not Version.objects.exists()


def test_warnings_are_shown_and_stop_nothing(editor):
    flow = rows.simple_flow()
    rows.step(flow, "Forgotten")

    page = editor.get(publish_page(flow)).content.decode()
    editor.post(publish_page(flow), {"note": ""})

    assert "Forgotten" in page
    assert Version.objects.filter(flow=flow).exists()


def test_the_page_tells_what_changes_step_by_step(editor):
    flow = rows.publish(rows.simple_flow())
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    extra = rows.step(flow, "New end")
    flow.first.exits.update(target=extra)
    flow.steps.get(name="The end").delete()

    page = editor.get(publish_page(flow)).content.decode()

    assert "Message, en-US: “Good morning.”, was “Hello.”" in page
    assert "After “Next”: New end, was The end" in page
    assert page.index(">added<") < page.index("New end</strong>")
    assert page.index(">removed<") < page.index("The end</strong>")


def test_the_page_tells_which_lines_and_how_many_callers_are_concerned(editor):
    shared = rows.publish(rows.simple_flow("Shared"))
    outer = rows.flow("Outer")
    rows.step(outer, "Go on", "go_to", to_flow=shared)
    rows.line("Front", "+15005550100", shared)
    rows.line("Back", "+15005550101", outer)
    Visit.objects.create(call=make_call(), version=shared.published, position={}, answer="", began_at=rows.AT)

    page = editor.get(publish_page(shared)).content.decode()

    assert "Front" in page
    assert "Back" in page
    assert "1 caller is in this flow now" in page


def test_restoring_an_old_version_makes_a_new_one_and_leaves_the_draft(editor):
    flow = rows.publish(rows.simple_flow())
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    rows.publish(flow)

    answer = editor.post(reverse("admin:ivr_flow_version", args=[flow.pk, 1]), {"note": "Too cheerful"})

    flow.refresh_from_db()
    first, second, third = Version.objects.filter(flow=flow).order_by("number")
    assert answer.status_code == 302
    assert flow.published == third
    assert third.document == first.document != second.document
    assert third.restored_from == first
    assert Prompt.objects.get(name="Hello").wordings.get().text == "Good morning."


def test_the_page_of_an_old_version_asks_before_it_restores(editor):
    flow = rows.publish(rows.simple_flow())
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    rows.publish(flow)

    page = editor.get(reverse("admin:ivr_flow_version", args=[flow.pk, 1])).content.decode()

    assert "Restore version 1" in page
    assert "“Hello.”, was “Good morning.”" in page
    assert Version.objects.filter(flow=flow).count() == 2


def test_who_may_not_publish_can_neither_publish_nor_restore(client):
    flow = rows.publish(rows.simple_flow())
    client.force_login(rows.person(roles.AUDITOR))

    assert client.post(publish_page(flow), {"note": ""}).status_code == 403
    assert client.post(reverse("admin:ivr_flow_version", args=[flow.pk, 1]), {"note": ""}).status_code == 403
    assert client.get(reverse("admin:ivr_flow_version", args=[flow.pk, 1])).status_code == 200
    assert Version.objects.count() == 1
