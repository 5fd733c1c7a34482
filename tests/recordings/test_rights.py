from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from agents import roles
from agents.models import User
from compliance.states import Subject
from recordings import actions, rights
from recordings.actions.deleting import delete_redacted, delete_transcripts
from recordings.models import Recording, Voicemail
from recordings.rights import Rights, Standing
from recordings.states import CopyKind, State
from tests.calls.factories import AT
from tests.ivr import rows
from tests.queues.factories import make_queue
from tests.recordings.factories import EVERYWHERE, make_mailbox, make_recording, make_stored, make_user, make_voicemail
from tests.recordings.listening import (
    HIDDEN,
    conversation,
    make_transcript,
    redacted,
    sensitive_queue,
    team_of,
    went_through,
)

pytestmark = pytest.mark.django_db


def audible_to(user: User) -> QuerySet[Recording]:
    return Recording.objects.filter(rights.heard_by(user))


PLACES = ("team", "named", "other team", "no team", "no queue", "own mailbox", "other mailbox", "mailbox, other team")


def world(person: User) -> dict[str, Recording]:
    """A recording in each place where one can lie, seen from one person."""
    named = make_queue("Named", team=team_of("Others"))
    named.listeners.add(person)
    mine = make_mailbox("Mine")
    mine.members.add(person)
    other = make_queue("Other", team=team_of("Others"))
    made = {
        "team": conversation(make_queue("Team", team=team_of("Mine", person))),
        "named": conversation(named),
        "other team": conversation(other),
        "no team": conversation(make_queue("Nobody's")),
        "no queue": conversation(),
        "own mailbox": make_stored(),
        "other mailbox": make_stored(),
        "mailbox, other team": make_stored(queue=other),
    }
    make_voicemail(mine, made["own mailbox"])
    for place in ("other mailbox", "mailbox, other team"):
        make_voicemail(make_mailbox(place), made[place])
    assert tuple(made) == PLACES
    return made


#                           team named other none noq own box boxq
HEARD = {
    roles.ADMINISTRATOR: "    yes  yes   yes  yes yes yes yes yes",
    roles.FLOW_EDITOR: "      no   no    no   no  no  yes no  no",
    roles.SUPERVISOR: "       yes  yes   no   no  no  yes yes no",
    roles.AGENT: "            no   no    no   no  no  yes no  no",
    roles.AUDITOR: "          no   no    no   no  no  yes no  no",
    roles.COMPLIANCE_OFFICER: "no   no    no   no  no  yes no  no",
}
SEEN = {
    roles.ADMINISTRATOR: "    yes  yes   yes  yes yes yes yes yes",
    roles.FLOW_EDITOR: "      no   no    no   no  no  yes no  no",
    roles.SUPERVISOR: "       yes  yes   no   no  no  yes yes yes",
    roles.AGENT: "            no   no    no   no  no  yes no  no",
    roles.AUDITOR: "          yes  yes   yes  yes yes yes yes yes",
    roles.COMPLIANCE_OFFICER: "yes  yes   yes  yes yes yes yes yes",
}


@pytest.mark.parametrize("role", roles.ROLES)
def test_who_hears_and_sees_what_is_a_table_of_roles_and_places(role: str) -> None:
    person = User.objects.get(pk=rows.person(role).pk)
    recordings = world(person)

    heard = {place: rights.rights_of(person, one).hears for place, one in recordings.items()}
    seen = {place: rights.rights_of(person, one).sees for place, one in recordings.items()}

    for table, found in ((HEARD, heard), (SEEN, seen)):
        assert found == {place: word == "yes" for place, word in zip(PLACES, table[role].split(), strict=True)}
    assert set(audible_to(person)) == {recordings[place] for place, yes in heard.items() if yes}
    assert set(rights.visible_to(person)) == {recordings[place] for place, yes in seen.items() if yes}
    judged = rights.judged(rights.visible_to(person), person)
    assert {one.pk: one.is_audible for one in judged} == {recordings[p].pk: heard[p] for p in PLACES if seen[p]}
    messages = rights.judged(Voicemail.objects.all(), person, "recording__")
    assert {one.recording_id: one.is_audible for one in messages} == {
        recordings[p].pk: heard[p] for p in PLACES if "mailbox" in p
    }


@pytest.mark.parametrize(
    ("permissions", "places"),
    [
        ((), {"own mailbox"}),
        (("recordings.listen_everywhere",), {"own mailbox"}),  # without the permission to listen it is worth nothing
        (("recordings.see_every_mailbox",), {"own mailbox"}),
        (("recordings.listen",), {"team", "named", "own mailbox"}),
        (("recordings.listen", "recordings.see_every_mailbox"), {"team", "named", "own mailbox", "other mailbox"}),
        (("recordings.listen", "agents.see_every_team"), {"team", "named", "own mailbox"}),
        (EVERYWHERE, set(PLACES)),
    ],
)
def test_each_permission_reaches_as_far_as_it_says(permissions: tuple[str, ...], places: set[str]) -> None:
    person = User.objects.get(pk=make_user("ann", *permissions).pk)
    recordings = world(person)

    assert {place for place, one in recordings.items() if rights.rights_of(person, one).hears} == places


@pytest.mark.parametrize("permissions", [(), EVERYWHERE])
def test_somebody_who_has_left_may_nothing(permissions: tuple[str, ...]) -> None:
    gone = make_user("ann", *permissions)
    recordings = world(gone)
    gone.is_active = False
    gone.save()

    assert {rights.rights_of(gone, one) for one in recordings.values()} == {Rights()}
    assert not audible_to(gone).exists()
    assert not rights.visible_to(gone).exists()
    assert rights.hearing(gone, recordings["own mailbox"], at=AT).standing is Standing.REFUSED


def test_who_is_not_logged_in_may_nothing() -> None:
    assert rights.rights_of(AnonymousUser(), conversation()) == Rights()


def test_a_role_taken_away_takes_the_rights_along() -> None:
    person = rows.person(roles.SUPERVISOR)
    recording = conversation(make_queue(team=team_of("Mine", person)))
    assert rights.rights_of(User.objects.get(pk=person.pk), recording).hears

    person.groups.remove(Group.objects.get(name=roles.SUPERVISOR))

    assert not rights.rights_of(User.objects.get(pk=person.pk), recording).hears


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (roles.ADMINISTRATOR, (True, True, True)),
        (roles.SUPERVISOR, (False, True, False)),
        (roles.AGENT, (False, False, False)),
    ],
)
def test_what_goes_further_than_hearing_takes_permissions_of_its_own(role: str, may: tuple[bool, ...]) -> None:
    person = rows.person(role)
    mailbox = make_mailbox()
    mailbox.members.add(person)
    recording = make_voicemail(mailbox, make_stored()).recording

    found = rights.rights_of(person, recording)

    assert found.hears
    assert (found.hears_original, found.shares, found.exports) == may


def test_permissions_without_hearing_are_worth_nothing() -> None:
    person = make_user("ann", "recordings.share", "recordings.export", "recordings.read_original")

    assert rights.rights_of(person, conversation()) == Rights(is_sensitive=False)


def test_a_recording_is_sensitive_by_its_own_queue_and_by_any_that_the_call_was_in() -> None:
    person = make_user("ann", *EVERYWHERE)
    health, plain = sensitive_queue(), make_queue("Orders")
    own, through, neither, none = conversation(health), conversation(plain), conversation(plain), conversation()
    went_through(through, plain, health)
    went_through(neither, plain)

    found = [rights.rights_of(person, one).is_sensitive for one in (own, through, neither, none)]

    assert found == [True, True, False, False]
    judged = {one.pk: one.is_sensitive for one in rights.judged(audible_to(person), person)}
    assert [judged[one.pk] for one in (own, through, neither, none)] == found


def test_people_hear_the_redacted_copy_where_there_is_one() -> None:
    person, recording = make_user("ann", *EVERYWHERE), conversation()
    assert kind_heard(person, recording) == CopyKind.ORIGINAL

    redacted(recording)

    assert kind_heard(person, Recording.objects.get(pk=recording.pk)) == CopyKind.REDACTED


def kind_heard(person: User, recording: Recording) -> str | None:
    copy = rights.hearing(person, recording, at=AT).copy
    return copy and copy.kind


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"transcribes": True, "state": State.STORED}, Standing.HIDDEN),
        ({"transcribes": True, "state": State.CLEARED}, Standing.HIDDEN),
        ({"transcribes": True, "state": State.TRANSCRIBED}, Standing.HIDDEN),
        ({"transcribes": True, "state": State.REDACTED}, Standing.OPEN),
        ({"transcribes": True, "state": State.INDEXED}, Standing.OPEN),
        ({"transcribes": False, "state": State.CLEARED}, Standing.OPEN),
        ({"transcribes": True, "state": State.STORED, "subject": Subject.VOICEMAIL}, Standing.OPEN),
        ({"transcribes": True, "state": State.STORED, "subject": Subject.AGENT}, Standing.HIDDEN),
    ],
)
def test_a_conversation_is_not_heard_before_it_is_known_what_to_hide(fields: Any, standing: Standing) -> None:
    person = make_user("ann", *EVERYWHERE)

    assert rights.hearing(person, conversation(**fields), at=AT).standing is standing


@pytest.mark.parametrize("text_is_gone", [False, True])
def test_a_redacted_copy_that_is_gone_does_not_open_the_original(text_is_gone: bool) -> None:
    person, recording = make_user("ann", *EVERYWHERE), conversation(state=State.INDEXED, hides=True)
    make_transcript(recording, findings=HIDDEN)
    redacted(recording)

    delete_redacted([recording.pk], at=AT)
    if text_is_gone:
        delete_transcripts([recording.pk])
    recording.refresh_from_db()

    assert rights.hearing(person, recording, at=AT).standing is Standing.HIDDEN


def test_an_original_in_which_nothing_was_found_is_what_people_hear() -> None:
    person, recording = make_user("ann", *EVERYWHERE), conversation(state=State.INDEXED, transcribes=True)
    make_transcript(recording, findings=[])

    assert kind_heard(person, recording) == CopyKind.ORIGINAL


@pytest.mark.parametrize("state", [State.ANNOUNCED, State.FETCHED, State.ABSENT, State.DELETED])
def test_what_is_not_in_our_storage_is_not_heard(state: State) -> None:
    person = make_user("ann", *EVERYWHERE, "recordings.read_original")
    recording = make_recording(state=state)
    give(person, recording, of_original=True)

    for original in (False, True):
        assert rights.hearing(person, recording, at=AT, original=original).standing is Standing.ABSENT


def give(person: User, recording: Recording, *, of_original: bool = False, after: float = 0) -> None:
    at = AT + timedelta(minutes=after)
    actions.give_reason(recording, by=person, reason="A complaint", of_original=of_original, at=at)


def test_the_original_takes_its_permission_and_a_reason_of_its_own() -> None:
    permitted, other = make_user("ann", *EVERYWHERE, "recordings.read_original"), make_user("bob", *EVERYWHERE)
    recording = conversation()
    redacted(recording)

    def standing(person: User) -> Standing:
        return rights.hearing(person, recording, at=AT, original=True).standing

    assert (standing(permitted), standing(other)) == (Standing.REASON, Standing.REFUSED)
    for person in (permitted, other):
        give(person, recording)
    assert (standing(permitted), standing(other)) == (Standing.REASON, Standing.REFUSED)
    for person in (permitted, other):
        give(person, recording, of_original=True)
    assert (standing(permitted), standing(other)) == (Standing.OPEN, Standing.REFUSED)
    heard = rights.hearing(permitted, recording, at=AT, original=True)
    assert heard.copy is not None
    assert (heard.copy.kind, heard.reason) == (CopyKind.ORIGINAL, "A complaint")


def test_a_sensitive_recording_is_heard_for_a_reason_of_that_person_for_that_recording_for_a_while() -> None:
    ann, bob = make_user("ann", *EVERYWHERE), make_user("bob", *EVERYWHERE)
    queue = sensitive_queue()
    recording, other = conversation(queue), conversation(queue)

    def standing(person: User, one: Recording, minutes: float = 0) -> Standing:
        return rights.hearing(person, one, at=AT + timedelta(minutes=minutes)).standing

    assert standing(ann, recording) is Standing.REASON
    give(ann, recording)

    assert standing(ann, recording) is Standing.OPEN
    assert standing(ann, recording, minutes=29) is Standing.OPEN
    assert standing(ann, recording, minutes=31) is Standing.REASON
    assert standing(bob, recording) is Standing.REASON
    assert standing(ann, other) is Standing.REASON


def test_a_member_of_a_mailbox_gives_a_reason_too_where_the_queue_is_sensitive() -> None:
    member, mailbox = make_user("ann"), make_mailbox()
    mailbox.members.add(member)
    recording = make_voicemail(mailbox, make_stored(queue=sensitive_queue())).recording

    assert rights.hearing(member, recording, at=AT).standing is Standing.REASON


def test_what_was_said_is_read_by_the_same_rule_also_where_the_sound_is_gone() -> None:
    person = make_user("ann", *EVERYWHERE)
    gone, sensitive = make_recording(state=State.DELETED), make_recording(state=State.DELETED, queue=sensitive_queue())

    assert rights.hearing(person, gone, at=AT).may_read
    assert not rights.hearing(person, sensitive, at=AT).may_read
    assert not rights.hearing(make_user("bob"), gone, at=AT).may_read


def test_a_list_is_judged_without_a_query_for_each_row() -> None:
    person = User.objects.get(pk=make_user("ann", "recordings.listen").pk)
    team = team_of("Mine", person)
    for number in range(4):
        conversation(make_queue(f"Queue {number}", team=team))
    person.has_perm("any")  # asked for once in a request

    with CaptureQueriesContext(connection) as counted:
        assert len([one for one in rights.judged(audible_to(person), person) if one.is_audible]) == 4

    assert len(counted) == 1
