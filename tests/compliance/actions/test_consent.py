"""Writing the ledger, the wordings, and what rules ask of a call."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from calls.models import CallEvent, EventKind
from compliance import reading
from compliance.actions import consent
from compliance.models import Consent, Notice, Scope
from compliance.policies import Present
from compliance.signals import consent_noted, scope_changed
from compliance.states import Answer, Direction, Mode, Party
from tests.agents.factories import user
from tests.calls.factories import AT, make_call
from tests.compliance.rows import entry, notice, policy, scope, speaker
from tests.ivr.rows import simple_flow
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=1)


@pytest.fixture
def noted():
    """What is told of new entries."""
    heard: list[Consent] = []

    def hear(consent: Consent, **_rest: object) -> None:
        heard.append(consent)

    consent_noted.connect(hear)
    yield heard
    consent_noted.disconnect(hear)


@pytest.fixture
def changed():
    """What is told of calls under other rules."""
    heard: list[object] = []

    def hear(call_id: object, **_rest: object) -> None:
        heard.append(call_id)

    scope_changed.connect(hear)
    yield heard
    scope_changed.disconnect(hear)


# ---- scope


def test_what_rules_ask_of_a_call_is_noted_once_and_stays():
    call, flow = make_call(), simple_flow()
    said = {"number": "+15005550100", "caller": "+14155550123", "direction": Direction.INBOUND}

    consent.begin_scope(call.pk, **said, flow=flow.pk)
    consent.begin_scope(call.pk, **(said | {"number": "+15005550199"}))

    row = Scope.objects.get()
    assert (row.number, row.caller, row.direction, row.flow) == ("+15005550100", "+14155550123", "inbound", flow)
    assert (row.queue, row.queues, row.language) == (None, [], "")


def test_a_call_that_we_make_for_a_queue_is_of_that_queue_from_the_beginning():
    call, queue = make_call(), make_queue()

    consent.begin_scope(call.pk, number="", caller="", direction=Direction.OUTBOUND, queue=queue.pk, language="de-DE")

    row = Scope.objects.get()
    assert (row.queue, row.queues, row.language) == (queue, [queue.pk], "de-DE")


def test_what_is_too_long_for_its_column_is_cut_off_while_a_caller_waits():
    call = make_call()

    consent.begin_scope(call.pk, number="sip:" + "x" * 300, caller="y" * 300, direction=Direction.INBOUND)

    assert (len(Scope.objects.get().number), len(Scope.objects.get().caller)) == (64, 255)


def test_a_call_keeps_all_its_queues_and_tells_only_of_changes(changed):
    call, sales, support = scope().call, make_queue(), make_queue()

    for queue in (sales, sales, support, sales):
        consent.enter_queue(call.pk, queue.pk, language="en-US", at=AT)

    row = Scope.objects.get()
    assert (row.queue, row.queues, row.language) == (sales, [sales.pk, support.pk], "en-US")
    assert changed == [call.pk] * 3


def test_another_language_is_a_change_too(changed):
    queue = make_queue()
    call = scope(queue=queue, queues=[queue.pk], language="en-US").call

    consent.enter_queue(call.pk, queue.pk, language="de-DE", at=AT)

    assert Scope.objects.get().language == "de-DE"
    assert changed == [call.pk]


def test_a_call_without_rules_enters_a_queue_in_silence(changed):
    consent.enter_queue(make_call().pk, make_queue().pk, language="", at=AT)

    assert changed == []


# ---- the ledger


def test_an_answer_is_written_with_the_words_that_it_answers(noted):
    made = policy("Sales", consent=Mode.ASK_ONE, texts={"en-US": "May we?"})
    call = scope(language="en-US").call
    (owed,) = reading.owed(call.pk, Present(Party.CUSTOMER))

    consent.note(call.pk, owed, consent.customer("+14155550123", leg=call.sid), Answer.AGREED, key="1", at=AT)

    row = Consent.objects.get()
    assert (row.policy, row.notice, row.wording, row.version, row.language) == (
        *(made, Notice.objects.get(), "May we?", 1, "en-US"),
    )
    assert (row.mode, row.party, row.answer, row.key, row.leg, row.at) == (
        *(Mode.ASK_ONE, Party.CUSTOMER, Answer.AGREED, "1", call.sid, AT),
    )
    assert "4155550" not in row.name
    assert noted == [row]
    event = CallEvent.objects.get(call=call)
    assert (event.kind, event.data["answer"], event.data["policy"]) == (EventKind.CONSENT, "agreed", "Sales")


@pytest.mark.parametrize(("pressed", "kept"), [("1", "1"), ("2", "2"), ("7", ""), ("4111111111111111", ""), ("", "")])
def test_only_the_keys_that_answer_are_kept(pressed, kept):
    policy(consent=Mode.ASK_ONE)
    call = scope().call
    (owed,) = reading.owed(call.pk, Present(Party.CUSTOMER))

    consent.note(call.pk, owed, speaker(), Answer.SILENT, key=pressed, at=AT)

    assert Consent.objects.get().key == kept


def test_what_was_said_to_an_agent_is_written_for_each_policy_with_the_agent_as_witness(noted):
    first, second = policy(consent=Mode.ASK_ONE), policy(consent=Mode.ANNOUNCE)
    call, ann = scope().call, user(username="ann")

    rows = consent.note_said(call, [first, second], speaker(), Answer.WITHDRAWN, by=ann, at=AT)

    assert [(row.policy, row.mode, row.noted_by, row.notice) for row in rows] == [
        (first, Mode.ASK_ONE, ann, None),
        (second, Mode.ANNOUNCE, ann, None),
    ]
    assert noted == rows
    assert CallEvent.objects.filter(call=call, kind=EventKind.CONSENT).count() == 2


def test_an_entry_is_never_changed_and_never_deleted():
    made = policy()
    row = entry(scope().call, made)

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Consent.objects.filter(pk=row.pk).update(answer=Answer.REFUSED)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        row.delete()

    assert Consent.objects.get().answer == Answer.AGREED


# ---- wordings


def test_each_change_of_a_text_is_a_new_version_of_its_language():
    made, by = policy(), user()

    first = consent.word(made, "en-US", "We record.", by=by, at=AT)
    german = consent.word(made, "de-DE", "Wir nehmen auf.", by=by, at=AT)
    second = consent.word(made, "en-US", "We record this.", by=None, at=LATER)

    assert [(one.language, one.version, one.text, one.by, one.at) for one in (first, german, second) if one] == [
        ("en-US", 1, "We record.", by, AT),
        ("de-DE", 1, "Wir nehmen auf.", by, AT),
        ("en-US", 2, "We record this.", None, LATER),
    ]


def test_the_same_text_again_is_no_new_version_and_one_from_before_is():
    made = policy(texts={"en-US": "One"})

    assert consent.word(made, "en-US", "One", by=None, at=LATER) is None
    consent.word(made, "en-US", "Two", by=None, at=LATER)
    back = consent.word(made, "en-US", "One", by=None, at=LATER)

    assert back is not None
    assert back.version == 3


def test_a_version_is_never_changed():
    made = notice(policy())

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Notice.objects.filter(pk=made.pk).update(text="We do not record this.")
