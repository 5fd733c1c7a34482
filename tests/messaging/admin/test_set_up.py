"""Words, texts in place of calls and numbers are written in the admin, and what cannot be is refused in words."""

import pytest

from messaging.models import FallbackRule, Keyword, Sender
from messaging.states import Purpose
from tests.agents.factories import user
from tests.messaging.factories import make_keyword, make_rule, make_sender, make_thread
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db
KEYWORDS, RULES, SENDERS = (f"/admin/messaging/{name}/" for name in ("keyword", "fallbackrule", "sender"))
WORD = {"word": "HOURS", "language": "", "purpose": "reply", "reply": "9 to 5.", "media_url": "", "redirect_url": ""}


@pytest.fixture
def editor(client):
    client.force_login(user("Administrator"))
    return client


def add(client, address: str, **fields):
    return client.post(f"{address}add/", fields)


def test_a_word_with_its_answer_is_added(editor):
    assert add(editor, KEYWORDS, **WORD, is_active="on").status_code == 302

    keyword = Keyword.objects.get()
    assert (keyword.word, keyword.reply, keyword.is_active) == ("HOURS", "9 to 5.", True)
    assert "9 to 5." in editor.get(KEYWORDS).content.decode()


def test_the_answer_to_every_word_for_help_is_added(editor):
    assert add(editor, KEYWORDS, **(WORD | {"word": "", "purpose": "help"})).status_code == 302

    assert "every word for HELP" in editor.get(KEYWORDS).content.decode()
    assert Keyword.objects.get().purpose == Purpose.HELP


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"word": ""}, "Only STOP, START and HELP"),
        ({"word": "?!"}, "letters or digits"),
        ({"word": "stop"}, "stands for STOP"),
        ({"word": "Arrêt"}, "stands for STOP"),
        ({"reply": ""}, "What is answered?"),
        ({"redirect_url": "https://example.com/x"}, "Either we answer"),
    ],
)
def test_what_cannot_be_is_refused_in_words(editor, fields, told):
    answer = add(editor, KEYWORDS, **(WORD | fields))

    assert (answer.status_code, told in answer.content.decode()) == (200, True)
    assert not Keyword.objects.exists()


def test_a_rule_for_texts_in_place_of_calls_is_added(editor):
    fields = {"name": "Sorry", "body": "Sorry.", "every_hours": "24", "waits_hours": "12", "after_busy": "on"}
    answer = add(editor, RULES, **fields, opens="08:00", closes="21:00", is_active="on")

    assert answer.status_code == 302
    rule = FallbackRule.objects.get()
    assert (rule.after_busy, rule.after_abandoned) == (True, False)
    assert "08:00 - 21:00" in editor.get(RULES).content.decode()


@pytest.mark.parametrize(
    ("number", "service", "is_fine"),
    [("+15005550100", "", True), ("22395", "MG" + "1" * 32, True), ("5005550100x", "", False), ("22395", "SM1", False)],
)
def test_a_number_for_texts_is_checked(editor, number, service, is_fine):
    answer = add(editor, SENDERS, number=number, service_sid=service, twilio_answers="on")

    assert (answer.status_code == 302, Sender.objects.exists()) == (is_fine, is_fine)


def test_a_number_with_threads_is_not_deleted(editor):
    used, unused = make_thread().sender, make_sender("+15005550101")

    assert editor.post(f"{SENDERS}{used.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor.post(f"{SENDERS}{unused.pk}/delete/", {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("address", [KEYWORDS, RULES, SENDERS])
@pytest.mark.parametrize("many", [2, 12])
def test_a_list_costs_so_many_statements(editor, address, many, django_assert_max_num_queries):
    for number in range(many):
        queue = make_queue()
        make_keyword(f"W{number}")
        make_rule(f"R{number}", queue=queue)
        make_sender(f"+1500555{number:04}", queue=queue)

    with django_assert_max_num_queries(16):
        assert editor.get(address).status_code == 200
