"""What a policy lacks: a line for its number, and texts in the languages of the flows that it is about."""

import pytest

from compliance.states import Mode
from ivr.coverage import addresses, gaps
from ivr.models import FlowLanguage, Line
from tests.compliance.rows import policy
from tests.ivr.rows import flow, line, publish, queue_flow, simple_flow
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def speaks(made, *languages):
    for place, language in enumerate(languages, start=1):
        FlowLanguage.objects.create(flow=made, language=language, voice="Polly.Vicki", position=place)
    return made


def test_our_lines_are_offered_by_name_without_the_one_for_all_others():
    line("Sales", "+15005550101", None)
    line("Main", "+15005550100", None)

    assert Line.objects.filter(address="*").exists()
    assert addresses() == [("+15005550100", "Main"), ("+15005550101", "Sales")]


@pytest.mark.parametrize(
    ("address", "fields", "lacks"),
    [
        ("+15005550100", {"number": "+15005550100"}, False),
        ("+15005550100", {"number": "+15005550199"}, True),
        ("+15005550100", {"number": "+15005550199", "direction": "outbound"}, False),
        ("+15005550100", {}, False),
        ("sip:desk@company.sip.twilio.com", {"number": "sip:desk@company.sip.twilio.com:5061"}, False),
    ],
)
def test_a_number_that_no_line_answers_is_told(address, fields, lacks):
    line("Main", address, None)

    found = list(gaps(policy(consent=Mode.NONE, **fields)))

    assert bool(found) == lacks


def test_the_line_for_all_others_answers_every_number_once_it_has_a_flow():
    made = policy(number="+15005550199", consent=Mode.NONE)
    before = list(gaps(made))
    Line.objects.filter(address="*").update(flow=publish(simple_flow()))

    assert before == ["No line answers +1 500-555-0199, so no call comes in under this policy."]
    assert list(gaps(made)) == []


def test_languages_without_a_text_are_told_with_what_is_heard_in_place_of_it():
    speaks(publish(simple_flow("Main")), "de-DE", "de-AT", "da-DK")
    made = policy(texts={"en-GB": "We record.", "de-DE": "Wir nehmen auf."})

    assert list(gaps(made)) == [
        "No text in Danish, which Main speaks: those callers hear the one in English (United Kingdom)."
    ]


def test_without_any_text_english_is_heard():
    speaks(publish(simple_flow("Main")), "de-DE")

    assert list(gaps(policy())) == [
        "No text in German, which Main speaks: those callers hear the one in English (United States)."
    ]


def test_who_asks_nobody_needs_no_text():
    speaks(publish(simple_flow("Main")), "de-DE")

    assert list(gaps(policy(consent=Mode.NONE))) == []


def test_only_the_flows_that_a_policy_is_about_count():
    queue = make_queue("Sales")
    german, danish = (
        speaks(publish(simple_flow("German")), "de-DE"),
        speaks(publish(queue_flow("Danish", queue)), "da-DK"),
    )
    speaks(flow("Draft"), "fr-FR")
    line("German line", "+15005550100", german)

    def told(**fields):
        return {one for gap in gaps(policy(**fields)) for one in ("German", "Danish", "Draft") if f"which {one}" in gap}

    assert told() == {"German", "Danish"}
    assert told(flow=danish) == {"Danish"}
    assert told(queue=queue) == {"Danish"}
    assert told(number="+15005550100") == {"German"}
