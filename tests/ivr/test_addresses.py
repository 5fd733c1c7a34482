"""Which addresses flows may send calls to."""

import pytest
from django.urls import reverse

from agents import roles
from ivr import actions, addresses
from ivr.drafting.drafts import compile_draft
from ivr.models import Step
from tests.ivr import rows
from tests.ivr.factories import END, make_document, make_step

GOOD = "https://webhooks.twilio.com/v1/Accounts/AC1/Flows/FW1"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (GOOD, ""),
        ("http://studio.example/", "Only addresses that begin with https://"),
        ("https://10.0.0.7/voice", "private network"),
        ("https://user:secret@studio.example/", "no user and no password"),
        ("https://contact.example.com/voice/inbound", "This address is ours"),
        ("https://contact.example.com", "This address is ours"),
        ("https://contact.example.com.evil.example/", ""),
    ],
)
def test_the_rule_of_look_ups_counts_and_our_own_addresses_are_no_way(settings, address, words):
    settings.PUBLIC_BASE_URL = "https://contact.example.com"

    assert (words in addresses.problem(address)) if words else addresses.problem(address) == ""


def test_a_document_is_told_where_it_leads_calls_to_such_an_address():
    away = make_step("send_away", settings={"address": "https://10.0.0.7/voice"}, exits={"failed": "end"})
    pbx = make_step("send_away", settings={"to": "sip", "address": "sip:a@10.0.0.7"}, exits={"failed": "end"})

    (told,) = addresses.refused(make_document({"away": away, "pbx": pbx, "end": END}))

    assert (told.code, told.severity, told.step) == ("address_not_allowed", "error", "away")
    assert told.text == "Step “away” leads calls to https://10.0.0.7/voice. The address lies in a private network."


@pytest.mark.django_db
def test_it_is_refused_in_the_form_and_when_a_flow_is_checked(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    flow = rows.flow()
    end = rows.step(flow, "The end")
    page = f"{reverse('admin:ivr_step_add')}?flow={flow.pk}&kind=send_away"
    typed = {"name": "Away", "setting_to": "document", "exit_failed": end.pk}

    refused = client.post(page, typed | {"setting_address": "https://127.0.0.1/x"}).content.decode()
    client.post(page, typed | {"setting_address": GOOD})
    step = Step.objects.get(name="Away")
    Step.objects.filter(pk=step.pk).update(settings={"address": "http://studio.example/"})

    assert "private network" in refused
    codes = [problem.code for problem in actions.check(compile_draft(flow), at=rows.AT)]
    assert "address_not_allowed" in codes
