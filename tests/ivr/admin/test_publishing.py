"""Publishing: what stops it, what changes for whom, and the way back."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now

from agents import roles
from ivr.models import Flow, Prompt, Release, Version, Visit
from tests.calls.factories import make_call
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def marked(page, label):
    """Give what the page shows as removed and as added behind a label."""
    line = page.split(f"{label}:</span>", 1)[1].split("</li>", 1)[0]
    return tuple(
        [re.sub(r"<span.*?</span>", "", text) for text in re.findall(f"<{mark} [^>]*>(.*?)</{mark}>", line)]
        for mark in ("del", "ins")
    )


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

    assert f"{reverse('admin:ivr_flow_change', args=[flow.pk])}?step={flow.first_id}" in page
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

    assert marked(page, "Message in English (United States)") == (["“Hello.”"], ["“Good morning.”"])
    assert marked(page, "After “Next”") == (["The end"], ["New end"])
    assert page.index(">added<") < page.index("New end</strong>")
    assert page.index(">removed<") < page.index("The end</strong>")


def test_the_page_tells_which_lines_and_how_many_callers_are_concerned(editor):
    shared = rows.publish(rows.simple_flow("Shared"))
    outer = rows.flow("Outer")
    outer.first = rows.step(outer, "Go on", "go_to", to_flow=shared)
    outer.save()
    rows.publish(outer)
    rows.line("Front", "+15005550100", shared)
    rows.line("Back", "+15005550101", outer)
    Visit.objects.create(call=make_call(), version=shared.published, position={}, answer="", began_at=rows.AT)

    page = editor.get(publish_page(shared)).content.decode()

    assert "Front" in page
    assert "Back" in page
    assert "by way of Outer" in page
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
    assert marked(page, "Message in English (United States)") == (["“Good morning.”"], ["“Hello.”"])
    assert Version.objects.filter(flow=flow).count() == 2


def test_who_may_not_publish_can_neither_publish_nor_restore(client):
    flow = rows.publish(rows.simple_flow())
    client.force_login(rows.person(roles.AUDITOR))

    assert client.post(publish_page(flow), {"note": ""}).status_code == 403
    assert client.post(reverse("admin:ivr_flow_version", args=[flow.pk, 1]), {"note": ""}).status_code == 403
    assert client.get(reverse("admin:ivr_flow_version", args=[flow.pk, 1])).status_code == 200
    assert Version.objects.count() == 1


def test_after_publishing_one_press_goes_back(editor):
    flow = rows.publish(rows.simple_flow())
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")

    page = editor.post(publish_page(flow), {"note": ""}, follow=True).content.decode()
    address, number = re.search(r'action="([^"]*/undo/)".*?name="number" value="(\d+)"', page, re.DOTALL).groups()
    answer = editor.post(address, {"number": number}, follow=True).content.decode()

    flow.refresh_from_db()
    assert "Restored: new calls now meet Main version 3." in answer
    assert (flow.published.number, flow.published.restored_from.number) == (3, 1)
    assert "Nothing is undone" in editor.post(address, {"number": number}, follow=True).content.decode()


@pytest.mark.parametrize("number", ["", "x", "9999999999999", "²"])
def test_what_is_no_version_undoes_nothing(editor, number):
    flow = rows.publish(rows.simple_flow())
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    rows.publish(flow)

    answer = editor.post(reverse("admin:ivr_flow_undo", args=[flow.pk]), {"number": number})

    assert answer.status_code == 302
    assert Version.objects.count() == 2


def test_it_is_planned_for_a_time_of_the_persons_own_zone(editor):
    flow = rows.simple_flow()
    editor.cookies["time_zone"] = "Asia/Tokyo"
    wanted = (now() + timedelta(hours=30)).replace(second=0, microsecond=0)
    tokyo = localtime(wanted, timezone=ZoneInfo("Asia/Tokyo"))

    answer = editor.post(publish_page(flow), {"note": "", "publish_at": f"{tokyo:%Y-%m-%dT%H:%M}"}, follow=True)

    release = Release.objects.get()
    assert (release.state, release.publish_at) == ("planned", wanted)
    written = date_format(tokyo, "j M Y, H:i")
    assert f"Planned: it is published on {written} (Asia/Tokyo), as it is now." in answer.content.decode()
    page = editor.get(publish_page(flow)).content.decode()
    assert written in page
    assert 'class="ticking"' in page


@pytest.mark.parametrize("when", ["2026-01-01T10:00", "soon"])
def test_a_time_that_is_over_or_none_is_told_beside_the_field(editor, when):
    flow = rows.simple_flow()

    answer = editor.post(publish_page(flow), {"note": "", "publish_at": when})

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Release.objects.exists()


def test_what_needs_a_second_person_is_proposed(editor):
    flow = rows.publish(rows.simple_flow())
    Prompt.objects.get(name="Hello").wordings.update(text="Good day.")
    rows.publish(flow)
    Flow.objects.update(needs_approval=True)
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")

    assert ">Propose<" in editor.get(publish_page(flow)).content.decode()
    editor.post(publish_page(flow), {"note": "Kinder"})
    editor.post(reverse("admin:ivr_flow_version", args=[flow.pk, 1]), {"note": "Back"})

    assert [(one.state, one.note) for one in Release.objects.order_by("pk")] == [
        ("proposed", "Kinder"),
        ("proposed", "Back"),
    ]
    assert Version.objects.count() == 2


def test_a_button_that_is_pressed_twice_publishes_once(editor):
    flow = rows.publish(rows.simple_flow())
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")

    editor.post(publish_page(flow), {"note": "Kinder"})
    answer = editor.post(publish_page(flow), {"note": "Kinder"}, follow=True)

    page = answer.content.decode()
    assert "Callers meet exactly this already: Main version 2. Nothing was published." in page
    assert "Undo publishing" in page
    assert [one.note for one in Version.objects.order_by("number")] == ["", "Kinder"]


def test_the_page_costs_as_many_queries_for_many_steps_and_versions_as_for_few(editor, django_assert_max_num_queries):
    flow = rows.publish(rows.simple_flow())
    for number in range(6):
        rows.step(flow, f"Forgotten {number}")
        rows.publish(flow)
        rows.line(f"Line {number}", f"sip:{number}@company.example", flow)
        Visit.objects.create(
            call=make_call(), version=flow.published, position={"step": ""}, answer="", began_at=rows.AT
        )
    editor.get(publish_page(flow))

    with django_assert_max_num_queries(46):
        editor.get(publish_page(flow))
