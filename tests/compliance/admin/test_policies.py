"""The pages of policies: what they say, what is saved, and texts that are never changed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from compliance.models import Notice, Policy
from compliance.states import Answer, Begins, Mode, Subject
from ivr.models import FlowLanguage
from tests.agents.factories import user
from tests.compliance.rows import entry, policy, scope
from tests.ivr.rows import line, publish, simple_flow
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db

LIST = reverse("admin:compliance_policy_changelist")
ADD = reverse("admin:compliance_policy_add")


@pytest.fixture
def administrator(client):
    client.force_login(user(roles.ADMINISTRATOR, username="ada"))
    return client


def page_of(made):
    return reverse("admin:compliance_policy_change", args=[made.pk])


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def filled(*texts, made=None, **fields):
    """Give a filled-in form; `texts` are languages with what is said, those that are there first."""
    notices = {one.language: one.pk for one in made.notices.order_by("version")} if made else {}
    defaults = {
        "name": made.name if made else "Sales",
        "is_active": "on",
        "number": "",
        "direction": "",
        "share": 100,
        "subject": Subject.CONVERSATION,
        "channels": 2,
        "begins": Begins.TALK,
        "consent": Mode.ANNOUNCE,
        "withdrawal": "stop",
        "pause_limit": 120,
        "notices-TOTAL_FORMS": len(texts),
        "notices-INITIAL_FORMS": len(notices),
    }
    for place, (language, said) in enumerate(texts):
        defaults |= {
            f"notices-{place}-id": notices.get(language, ""),
            f"notices-{place}-policy": made.pk if made else "",
            f"notices-{place}-language": language,
            f"notices-{place}-text": said,
        }
    return defaults | fields


def versions():
    return [(one.language, one.version, one.text) for one in Notice.objects.order_by("language", "version")]


# ---- the list


def test_the_list_says_of_each_policy_what_it_does(administrator):
    policy("Sales", queue=make_queue("Sales"), consent=Mode.ASK_ONE, texts={"en-US": "May we?", "de-DE": "Dürfen wir?"})

    page = text(administrator.get(LIST))

    assert "Conversations of queue Sales, both channels, from the talk, the customer is asked, 100 % of calls" in page
    assert "de-DE, en-US" in page


def test_the_list_asks_the_database_as_often_for_many_as_for_one(administrator):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert administrator.get(LIST).status_code == 200
        return len(seen)

    policy(queue=make_queue(), flow=simple_flow("A"), texts={"en-US": "One"})
    queries()
    one = queries()
    for number in range(4):
        policy(queue=make_queue(), flow=simple_flow(f"B{number}"), texts={"en-US": "One", "de-DE": "Eins"})

    assert queries() == one


# ---- what is saved


def test_a_policy_is_made_with_its_texts_and_its_page_says_what_it_does(administrator):
    answer = administrator.post(
        ADD, filled(("en-US", "We record."), ("de-DE", "Wir nehmen auf."), number="(500) 555-0100"), follow=True
    )

    made = Policy.objects.get()
    assert made.number == "+15005550100"
    assert versions() == [("de-DE", 1, "Wir nehmen auf."), ("en-US", 1, "We record.")]
    assert Notice.objects.filter(by__username="ada").count() == 2
    assert answer.redirect_chain[-1][0] == page_of(made)
    assert "Conversations of number +1 500-555-0100" in text(answer)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "the sales line"}, "Write a telephone number"),
        ({"number": "123"}, "Write a telephone number"),
        ({"share": 101}, "less than or equal to 100"),
        ({"pause_limit": 5}, "greater than or equal to 10"),
        ({"subject": "agent", "begins": "call"}, "can be recorded from the talk on"),
        ({"subject": "voicemail", "begins": "press"}, "No agent is there"),
        ({"subject": "voicemail", "consent": "ask-every"}, "There is nobody but the caller"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_refused_in_words(administrator, fields, words):
    page = text(administrator.post(ADD, filled(("en-US", "We record."), **fields))).replace("&#x27;", "'")

    assert words in page
    assert Policy.objects.count() == Notice.objects.count() == 0


@pytest.mark.parametrize("address", ["sip:desk@company.sip.twilio.com", "client:desk"])
def test_an_address_that_is_no_number_is_taken_as_it_is(administrator, address):
    administrator.post(ADD, filled(number=address))

    assert Policy.objects.get().number == address


def test_two_texts_in_one_language_are_refused(administrator):
    page = text(administrator.post(ADD, filled(("en-US", "One"), ("en-US", "Two"))))

    assert "Another text has this language already." in page
    assert Notice.objects.count() == 0


def test_a_language_that_nobody_speaks_is_refused(administrator):
    page = text(administrator.post(ADD, filled(("xx-YY", "Blah"))))

    assert "Select a valid choice" in page


def test_a_changed_text_is_a_new_version_and_the_others_stay(administrator):
    made = policy("Sales", texts={"de-DE": "Wir nehmen auf.", "en-US": "We record."})

    administrator.post(page_of(made), filled(("de-DE", "Wir nehmen auf."), ("en-US", "We record this."), made=made))

    assert versions() == [
        ("de-DE", 1, "Wir nehmen auf."),
        ("en-US", 1, "We record."),
        ("en-US", 2, "We record this."),
    ]


def test_a_text_that_somebody_else_has_changed_meanwhile_is_no_error(administrator):
    made = policy("Sales", texts={"en-US": "One"})
    form = filled(("en-US", "Three"), made=made)
    policy_texts = administrator.post(page_of(made), form | {"notices-0-text": "Two"})
    assert policy_texts.status_code == 302

    assert administrator.post(page_of(made), form).status_code == 302

    assert versions() == [("en-US", 1, "One"), ("en-US", 2, "Two"), ("en-US", 3, "Three")]


def test_a_text_of_another_policy_cannot_be_named(administrator):
    made, other = policy("Sales", texts={"en-US": "One"}), policy("Support", texts={"en-US": "Else"})
    form = filled(("en-US", "Stolen"), made=made) | {"notices-0-id": other.notices.get().pk}

    assert administrator.post(page_of(made), form).status_code == 404

    assert Notice.objects.count() == 2


def test_an_emptied_text_is_refused(administrator):
    made = policy("Sales", texts={"en-US": "One"})

    page = text(administrator.post(page_of(made), filled(("en-US", ""), made=made)))

    assert "This field is required" in page
    assert versions() == [("en-US", 1, "One")]


def test_the_page_shows_every_version_with_who_and_when(administrator):
    made = policy("Sales", texts={"en-US": "We record."})
    administrator.post(page_of(made), filled(("en-US", "We record this."), made=made))

    page = text(administrator.get(page_of(made)))

    assert "All texts that there were" in page
    for words in ("We record.", "We record this.", "ada", "2 Mar 2026"):
        assert words in page
    assert page.count("heard now") == 1


# ---- what is doubtful


def test_the_page_tells_of_twins_of_missing_texts_and_of_lines(administrator):
    flow = publish(simple_flow("Main"))
    FlowLanguage.objects.create(flow=flow, language="de-DE", voice="Polly.Vicki")
    made = policy("Sales", number="+15005550199", consent=Mode.ASK_ONE)
    policy("Sales too", number="+15005550199")

    page = text(administrator.get(page_of(made)))

    assert "Only the newest one counts: “Sales too”" in page
    assert "It has no text of its own" in page
    assert "No line answers +1 500-555-0199" in page
    line("Second", "+15005550199", flow)
    page = text(administrator.get(page_of(made)))
    assert "No line answers" not in page
    assert "No text in German, which Main speaks" in page


def test_the_numbers_of_our_lines_are_offered(administrator):
    line("Main line", "+15005550100", None)

    page = text(administrator.get(ADD))

    assert '<option value="+15005550100">Main line</option>' in page
    assert 'list="our-numbers"' in page


# ---- deleting, and who may what


def test_a_policy_that_somebody_has_answered_stays_and_says_so(administrator):
    made = policy("Sales")
    entry(scope().call, made, Answer.TOLD)

    answer = administrator.post(reverse("admin:compliance_policy_delete", args=[made.pk]), {"post": "yes"}, follow=True)

    assert "“Sales” stays" in text(answer)
    assert Policy.objects.exists()


def test_a_policy_with_texts_stays_and_one_that_never_spoke_goes(administrator):
    worded, bare = policy("Worded", texts={"en-US": "One"}), policy("Bare")

    for made in (worded, bare):
        administrator.post(reverse("admin:compliance_policy_delete", args=[made.pk]), {"post": "yes"})

    assert list(Policy.objects.all()) == [worded]


@pytest.mark.parametrize(
    ("role", "sees", "saves"),
    [
        (roles.ADMINISTRATOR, 200, 302),
        (roles.SUPERVISOR, 200, 403),
        (roles.AUDITOR, 200, 403),
        (roles.FLOW_EDITOR, 403, 403),
        (roles.AGENT, 403, 403),
    ],
)
def test_who_may_see_and_who_may_change(client, role, sees, saves):
    made = policy("Sales", texts={"en-US": "One"})
    client.force_login(user(role))

    assert client.get(LIST).status_code == sees
    assert client.get(page_of(made)).status_code == sees
    assert client.post(page_of(made), filled(("en-US", "Two"), made=made)).status_code == saves
    assert Notice.objects.count() == (2 if saves == 302 else 1)


def test_who_may_only_look_reads_the_texts_without_fields(client):
    made = policy("Sales", texts={"en-US": "May we record you?"})
    client.force_login(user(roles.AUDITOR))

    page = text(client.get(page_of(made)))

    assert "May we record you?" in page
    assert 'name="notices-0-text"' not in page
