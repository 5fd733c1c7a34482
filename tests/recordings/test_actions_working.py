"""Whose a row of the work list is, and that it is done: as it was seen, and nobody is overtaken unnoticed."""

from datetime import timedelta

import pytest

from agents.models import User
from recordings import actions, worklist
from recordings.models import Mailbox, MissedCall, Voicemail
from recordings.states import VoicemailStatus
from recordings.worklist import Asked, Seen, Status
from tests.calls.factories import AT, make_call
from tests.recordings.factories import make_mailbox, make_missed, make_recording, make_user, make_voicemail

pytestmark = pytest.mark.django_db

NOW = AT + timedelta(hours=1)


@pytest.fixture
def sales() -> Mailbox:
    return make_mailbox("Sales")


@pytest.fixture
def ann(sales: Mailbox) -> User:
    return member("ann", sales)


@pytest.fixture
def bob(sales: Mailbox) -> User:
    return member("bob", sales)


def member(name: str, mailbox: Mailbox, *permissions: str) -> User:
    user = make_user(name, "recordings.change_voicemail", *permissions)
    mailbox.members.add(user)
    return user


def left(mailbox: Mailbox, number: str = "+14155550123", **fields: object) -> Voicemail:
    return make_voicemail(mailbox, make_recording(call=make_call(from_number=number)), **fields)


def seen(user: User, status: Status = Status.OPEN) -> Seen:
    """The only row there is, as this person sees it now."""
    keys = list(Mailbox.objects.values_list("pk", flat=True))
    (row,) = worklist.read(user, Asked(status=status), mailboxes=keys, at=NOW).rows
    return row.seen


def holders() -> set[str]:
    rows = [*Voicemail.objects.select_related("taken_by"), *MissedCall.objects.select_related("taken_by")]
    return {str(row.taken_by) for row in rows}


def test_a_row_belongs_to_whoever_takes_it_first(sales: Mailbox, ann: User, bob: User) -> None:
    left(sales)
    make_missed(sales)
    row = seen(ann)

    actions.take(row, by=ann)
    actions.take(row, by=ann)
    with pytest.raises(actions.Taken, match="ann"):
        actions.take(row, by=bob)
    assert holders() == {"ann"}

    actions.release(seen(ann))
    actions.take(row, by=bob)
    assert holders() == {"bob"}


def test_a_row_is_done_as_a_whole_and_only_as_far_as_it_was_seen(sales: Mailbox, ann: User) -> None:
    first, missed = left(sales), make_missed(sales)
    row = seen(ann)
    later = left(sales, left_at=AT + timedelta(minutes=1))
    other = left(make_mailbox("Support"))

    actions.finish(row, by=ann, at=NOW)

    for message in (first, missed):
        message.refresh_from_db()
        assert (message.status, message.taken_by, message.done_at) == ("done", ann, NOW)
    for message in (later, other):
        message.refresh_from_db()
        assert (message.status, message.taken_by) == ("new", None)


def test_who_is_slower_is_told_who_was_faster(sales: Mailbox, ann: User, bob: User) -> None:
    left(sales)
    row = seen(ann)
    actions.finish(row, by=ann, at=NOW)

    for late in (lambda: actions.finish(row, by=bob, at=NOW), lambda: actions.take(row, by=bob)):
        with pytest.raises(actions.Settled, match="done already, by ann"):
            late()


def test_what_another_has_is_not_done_by_me(sales: Mailbox, ann: User, bob: User) -> None:
    voicemail = left(sales)
    row = seen(ann)
    actions.take(row, by=bob)

    with pytest.raises(actions.Taken, match="bob"):
        actions.finish(row, by=ann, at=NOW)

    voicemail.refresh_from_db()
    assert voicemail.status == "new"


def test_done_can_be_undone_and_the_row_is_whose_it_was(sales: Mailbox, ann: User) -> None:
    voicemail, missed = left(sales, status="heard"), make_missed(sales)
    old = left(sales, status="done", done_at=AT)
    actions.finish(seen(ann), by=ann, at=NOW)
    done = worklist.read(ann, Asked(status=Status.DONE), mailboxes=[sales.pk], at=NOW).rows[0].seen

    actions.reopen(done)

    found = []
    for message in (voicemail, missed, old):
        message.refresh_from_db()
        found.append((message.status, message.taken_by, message.done_at))
    assert found == [("heard", ann, None), ("new", ann, None), ("done", None, AT)]
    with pytest.raises(actions.Settled, match="open again"):
        actions.reopen(done)


def test_a_row_is_given_to_a_colleague_who_works_on_the_mailbox(sales: Mailbox, ann: User, bob: User) -> None:
    left(sales)
    actions.take(seen(ann), by=ann)

    actions.assign(seen(ann), to=bob)

    assert holders() == {"bob"}


def test_a_row_is_not_taken_from_somebody_who_was_not_seen_to_have_it(sales: Mailbox, ann: User, bob: User) -> None:
    left(sales)
    row = seen(ann)
    actions.take(row, by=bob)

    with pytest.raises(actions.Taken, match="bob"):
        actions.assign(row, to=ann)
    with pytest.raises(actions.Taken, match="bob"):
        actions.release(row)

    actions.assign(seen(ann), to=ann)  # now it is known whose it was
    assert holders() == {"ann"}


def test_a_row_is_given_to_nobody_who_does_not_see_the_mailbox_or_may_not_work(sales: Mailbox, ann: User) -> None:
    left(sales)
    stranger = make_user("stranger", "recordings.change_voicemail")
    listener = make_user("listener")
    gone = member("gone", sales)
    gone.is_active = False
    sales.members.add(listener)

    for person in (stranger, listener, gone):
        with pytest.raises(actions.NotAMember, match="does not work on Sales"):
            actions.assign(seen(ann), to=person)
    actions.assign(seen(ann), to=make_user("lead", "recordings.change_voicemail", "recordings.see_every_mailbox"))

    assert holders() == {"lead"}


def test_callers_without_a_number_are_worked_on_one_by_one(sales: Mailbox, ann: User) -> None:
    first, second = left(sales, "anonymous"), left(sales, "anonymous")
    row = worklist.read(ann, Asked(), mailboxes=[sales.pk], at=NOW).rows[0]

    actions.finish(row.seen, by=ann, at=NOW)

    done = {message.pk for message in (first, second) if Voicemail.objects.get(pk=message.pk).is_done}
    assert done == {row.latest.message.pk}


def test_a_voicemail_alone_moves_as_its_table_says(sales: Mailbox, ann: User, bob: User) -> None:
    voicemail = left(sales)

    actions.mark(voicemail, status=VoicemailStatus.DONE, by=ann, at=NOW)
    actions.mark(voicemail, status=VoicemailStatus.DONE, by=bob, at=NOW + timedelta(hours=1))
    voicemail.refresh_from_db()
    assert voicemail.done_at == NOW
    with pytest.raises(actions.Impossible):
        actions.mark(voicemail, status=VoicemailStatus.NEW, by=bob, at=NOW)
    actions.mark(voicemail, status=VoicemailStatus.HEARD, by=bob, at=NOW)

    voicemail.refresh_from_db()
    assert (voicemail.status, voicemail.taken_by, voicemail.done_at) == ("heard", ann, None)
