"""A new flow, and one that goes; its page is tested beside `ivr/admin/workshop`."""

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import Flow
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


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
