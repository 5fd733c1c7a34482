"""From rows to the rules: which policies govern a call, and what a party is still to hear, in which words."""

from datetime import timedelta
from uuid import uuid4

import pytest

from compliance import reading
from compliance.models import Policy
from compliance.policies import Entry, Facts, Present
from compliance.states import Answer, Direction, Mode, Party, Subject
from tests.calls.factories import AT, make_call
from tests.compliance.rows import entry, notice, policy, scope
from tests.ivr.rows import simple_flow
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db

CUSTOMER = Present(Party.CUSTOMER)
ANN = Present(Party.COLLEAGUE, uuid4().hex)


def texts(items):
    return [item.text for item in items]


# ---- which policies govern


def test_the_rows_of_a_call_say_what_the_rules_ask():
    flow, queue = simple_flow(), make_queue()
    row = scope(number="+15005550100", flow=flow, queue=queue, direction=Direction.OUTBOUND)

    assert reading.facts_of(row) == Facts("+15005550100", flow.pk, queue.pk, Direction.OUTBOUND)
    assert reading.facts_of(None) == Facts()


def test_a_row_and_its_rule_say_the_same():
    queue = make_queue()
    made = policy(queue=queue, number="+15005550100", direction=Direction.INBOUND, share=30, subject=Subject.AGENT)

    rule = reading.rule_of(made)

    assert (rule.id, rule.subject, rule.number, rule.flow, rule.queue, rule.direction, rule.share) == (
        *(made.pk, Subject.AGENT, "+15005550100", None, queue.pk, Direction.INBOUND, 30),
    )


def test_the_most_specific_active_policy_of_each_subject_governs():
    queue = make_queue()
    policy("All")
    sales = policy("Sales", queue=queue)
    lines = policy("Lines", subject=Subject.AGENT)
    policy("Off", queue=queue, number="+15005550100", is_active=False)
    policy("Voicemail", subject=Subject.VOICEMAIL)
    call = scope(number="+15005550100", queue=queue).call

    assert reading.governing_policies(call.pk) == [sales, lines]


def test_a_call_of_which_nothing_is_known_is_governed_by_what_counts_for_all():
    everywhere = policy()
    policy(queue=make_queue())

    assert reading.governing_policies(make_call().pk) == [everywhere]


def test_without_policies_one_query_is_enough(django_assert_num_queries):
    call = scope().call

    with django_assert_num_queries(1):
        assert reading.governing_policies(call.pk) == []
    with django_assert_num_queries(1):
        assert reading.owed(call.pk, CUSTOMER) == []


# ---- what is still to be heard


def test_what_is_owed_is_said_in_the_present_words_of_its_policy():
    made = policy(consent=Mode.ASK_ONE, texts={"en-US": "May we?"})
    notice(made, "en-US", "May we record you?", at=AT + timedelta(days=1))
    call = scope(language="en-US").call

    (owed,) = reading.owed(call.pk, CUSTOMER)

    assert (owed.policy, owed.text, owed.language, owed.asks) == (made, "May we record you?", "en-US", True)
    assert owed.notice is not None
    assert owed.notice.version == 2


def test_a_policy_without_words_of_its_own_speaks_english():
    policy(consent=Mode.ANNOUNCE)
    call = scope(language="de-DE").call

    (owed,) = reading.owed(call.pk, CUSTOMER)

    assert (owed.notice, owed.text, owed.language) == (None, "This call is recorded.", "en-US")
    assert not owed.asks


def test_who_has_agreed_to_words_that_two_policies_lack_is_asked_once():
    first = policy(consent=Mode.ASK_ONE)
    policy(consent=Mode.ASK_ONE, subject=Subject.AGENT)
    call = scope().call
    (owed,) = reading.owed(call.pk, CUSTOMER)  # one question for both

    entry(call, first, Answer.AGREED, wording=owed.text)

    assert reading.owed(call.pk, CUSTOMER) == []


def test_the_same_words_are_heard_once_and_different_ones_in_the_order_of_the_policies():
    policy(consent=Mode.ASK_ONE, texts={"en-US": "May we?"})
    policy(consent=Mode.ASK_ONE, subject=Subject.AGENT, texts={"en-US": "May we keep it?"})
    call = scope(language="en-US").call

    assert texts(reading.owed(call.pk, CUSTOMER)) == ["May we?", "May we keep it?"]


def test_nothing_is_owed_by_who_has_answered_or_refused():
    made = policy(consent=Mode.ASK_ONE, texts={"en-US": "May we?"})
    agreed, refused, silent = (scope(make_call()).call for _ in range(3))
    entry(agreed, made, Answer.AGREED)
    entry(refused, made, Answer.REFUSED)
    entry(silent, made, Answer.SILENT)

    assert [texts(reading.owed(call.pk, CUSTOMER)) for call in (agreed, refused, silent)] == [[], [], ["May we?"]]


def test_a_more_specific_policy_that_asks_nobody_keeps_the_general_one_from_asking():
    queue = make_queue()
    policy("All", consent=Mode.ASK_ONE)
    policy("Sales", queue=queue, consent=Mode.NONE)
    call = scope(queue=queue).call

    assert reading.owed(call.pk, CUSTOMER) == []
    assert reading.foreseen(Facts(queue=queue.pk), ANN) == []


def test_what_another_queue_would_ask_can_be_asked_beforehand():
    sales, support = make_queue(), make_queue()
    at_sales, at_support = policy(queue=sales, consent=Mode.ASK_ONE), policy(queue=support, consent=Mode.ASK_ONE)
    call = scope(queue=sales).call

    assert reading.owing(call.pk, CUSTOMER, reading.RECORDS_TALKS)[0] == [at_sales]
    assert reading.owing(call.pk, CUSTOMER, reading.RECORDS_TALKS, queue=support.pk)[0] == [at_support]


def test_what_is_owed_comes_with_all_texts_and_with_whether_the_party_has_said_no():
    made = policy(consent=Mode.ASK_ONE, texts={"en-US": "May we?", "de-DE": "Dürfen wir?"})
    call = scope().call

    found, notices, refused = reading.owing(call.pk, CUSTOMER, reading.RECORDS_TALKS)
    entry(call, made, Answer.REFUSED)

    assert (found, {one.text for one in notices[made.pk]}, refused) == ([made], {"May we?", "Dürfen wir?"}, False)
    assert reading.owing(call.pk, CUSTOMER, reading.RECORDS_TALKS)[::2] == ([], True)


def test_colleagues_are_told_in_short_what_others_are_asked_and_only_where_everybody_is():
    made = policy(consent=Mode.ASK_EVERY, texts={"en-US": "May we?"})
    policy(consent=Mode.ASK_ONE, subject=Subject.AGENT)
    call = scope(language="en-US").call

    (owed,) = reading.owed(call.pk, ANN)

    assert (owed.policy, owed.text, owed.asks) == (made, "This call is recorded.", False)


def test_a_colleague_hears_beforehand_what_may_apply_to_a_call_that_is_yet_to_be_made():
    queue = make_queue()
    policy(queue=queue, consent=Mode.ASK_EVERY, share=0)  # whether it is drawn is known later

    assert texts(reading.foreseen(Facts(queue=queue.pk), ANN)) == ["This call is recorded."]
    assert reading.foreseen(Facts(), ANN) == []


# ---- rows


def test_the_ledger_is_read_in_its_order_with_who_said_it():
    made = policy(consent=Mode.ASK_EVERY)
    call, guest = scope().call, uuid4()
    entry(call, made, Answer.AGREED, at=AT + timedelta(seconds=2), wording="May we?")
    entry(call, made, Answer.SILENT, at=AT + timedelta(seconds=1))
    entry(call, made, Answer.TOLD, party=Party.OUTSIDE, participant=guest, at=AT + timedelta(seconds=3))
    entry(scope(make_call()).call, made)

    assert reading.ledger(call.pk) == [
        Entry(Party.CUSTOMER, Answer.SILENT, made.pk),
        Entry(Party.CUSTOMER, Answer.AGREED, made.pk, "May we?"),
        Entry(Party.OUTSIDE, Answer.TOLD, made.pk, "", guest.hex),
    ]


def test_the_present_notices_are_one_for_each_language_in_one_query(django_assert_num_queries):
    made, bare = policy(texts={"en-US": "One", "de-DE": "Eins"}), policy()
    notice(made, "en-US", "Two")

    with django_assert_num_queries(1):
        found = reading.notices_of([made, bare])

    assert {(one.language, one.version, one.text) for one in found[made.pk]} == {
        ("en-US", 2, "Two"),
        ("de-DE", 1, "Eins"),
    }
    assert found[bare.pk] == []


def test_a_policy_without_words_of_its_own_has_some_wherever_it_says_something():
    assert {mode: bool(reading.standard(Policy(consent=mode))) for mode in Mode} == {
        Mode.NONE: False,
        Mode.ANNOUNCE: True,
        Mode.ASK_ONE: True,
        Mode.ASK_EVERY: True,
    }
