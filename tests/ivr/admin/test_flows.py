"""A flow's page: its steps in words, its versions."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from agents import roles
from ivr.models import Flow, Prompt
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def page(client, flow):
    return client.get(reverse("admin:ivr_flow_change", args=[flow.pk])).content.decode()


def test_the_page_of_a_flow_tells_its_steps_and_where_they_lead(editor):
    flow = rows.simple_flow()

    shown = page(editor, flow)

    assert "Hello." in shown
    assert reverse("admin:ivr_step_change", args=[flow.first_id]) in shown
    assert f'href="#step-{flow.steps.get(name="The end").pk}"' in shown
    assert "calls begin here" in shown


def test_the_page_says_that_callers_do_not_meet_what_was_never_published(editor):
    assert "Never published" in page(editor, rows.simple_flow())


def test_the_page_says_whether_callers_meet_the_draft(editor):
    flow = rows.publish(rows.simple_flow())

    before = page(editor, flow)
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    after = page(editor, flow)

    assert "Callers meet exactly this: version 1" in before
    assert "Changed since version 1" in after


def test_a_step_that_nothing_leads_to_is_marked(editor):
    flow = rows.simple_flow()
    rows.step(flow, "Forgotten")

    assert "nothing leads here" in page(editor, flow)


def test_a_draft_that_cannot_be_read_says_so_in_place_of_its_steps(editor):
    flow = rows.simple_flow()
    flow.steps.filter(name="The end").update(settings={"reason": "no such reason"})

    shown = page(editor, flow)

    assert escape("Step “The end”") in shown
    assert 'role="alert"' in shown


def test_a_new_flow_begins_with_its_name_and_languages(editor):
    answer = editor.post(
        reverse("admin:ivr_flow_add"),
        {
            "name": "Fresh",
            "description": "",
            "languages-TOTAL_FORMS": "1",
            "languages-INITIAL_FORMS": "0",
            "languages-0-language": "en-US",
            "languages-0-voice": "Polly.Joanna-Neural",
            "languages-0-position": "0",
        },
    )

    flow = Flow.objects.get(name="Fresh")
    assert answer.url == reverse("admin:ivr_flow_change", args=[flow.pk])
    assert [row.language for row in flow.languages.all()] == ["en-US"]


def test_a_voice_that_does_not_speak_the_language_is_refused(editor):
    answer = editor.post(
        reverse("admin:ivr_flow_add"),
        {
            "name": "Fresh",
            "description": "",
            "languages-TOTAL_FORMS": "1",
            "languages-INITIAL_FORMS": "0",
            "languages-0-language": "es-US",
            "languages-0-voice": "Polly.Joanna-Neural",
            "languages-0-position": "0",
        },
    )

    assert "does not speak Spanish" in answer.content.decode()
    assert not Flow.objects.exists()


def test_a_published_flow_cannot_be_deleted(editor):
    flow = rows.publish(rows.simple_flow())

    page = editor.get(reverse("admin:ivr_flow_delete", args=[flow.pk])).content.decode()
    editor.post(reverse("admin:ivr_flow_delete", args=[flow.pk]), {"post": "yes"})

    assert "would require deleting the following protected related objects" in page
    assert Flow.objects.filter(pk=flow.pk).exists()


def places(flow, *typed):
    """Give the form of a flow whose languages have these places."""
    rows = list(flow.languages.order_by("pk"))
    fields = {"languages-TOTAL_FORMS": str(len(typed)), "languages-INITIAL_FORMS": str(len(rows))}
    for index, (language, voice, place) in enumerate(typed):
        prefix = f"languages-{index}-"
        fields |= {f"{prefix}language": language, f"{prefix}voice": voice, f"{prefix}position": place}
        fields |= {f"{prefix}id": rows[index].pk, f"{prefix}flow": flow.pk} if index < len(rows) else {}
    return {"name": flow.name, "description": "", "first": flow.first_id} | fields


ENGLISH, SPANISH = ("en-US", "Polly.Joanna-Neural"), ("es-US", "Polly.Lupe-Neural")


@pytest.mark.parametrize(
    ("english", "spanish", "order"),
    [("1", "2", ["en-US", "es-US"]), ("2", "1", ["es-US", "en-US"]), ("1", "", ["en-US", "es-US"])],
)
def test_the_order_of_languages_is_typed(editor, english, spanish, order):
    flow = rows.simple_flow()

    editor.post(
        reverse("admin:ivr_flow_change", args=[flow.pk]),
        places(flow, (*ENGLISH, english), (*SPANISH, spanish)),
    )

    assert [row.language for row in flow.languages.order_by("position")] == order


def test_two_languages_cannot_have_the_same_place(editor):
    flow = rows.simple_flow()

    answer = editor.post(
        reverse("admin:ivr_flow_change", args=[flow.pk]), places(flow, (*ENGLISH, "1"), (*SPANISH, "1"))
    )

    assert "Another row has this place already." in answer.content.decode()
    assert flow.languages.count() == 1
