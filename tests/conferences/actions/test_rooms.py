"""Standing rooms: who may enter, as what, and when the room is closed."""

from datetime import timedelta

import pytest

from conferences.actions import observe, rooms
from conferences.models import Conference, Participant, Room
from conferences.room import Phase, Role
from conferences.states import LegState
from telephony.payloads import conference_event
from telephony.twiml import render
from tests.calls.factories import AT, make_call, new_sid

pytestmark = pytest.mark.django_db

ONWARD = "https://example.com/onward"


def room(**fields):
    return Room.objects.create(**({"name": "Board", "host_pin": "4711", "guest_pin": "1234"} | fields))


def enter(place, call=None, *, host=False):
    call = call or make_call()
    (dial,) = rooms.enter(place.pk, call.pk, host=host, onward=ONWARD, at=AT)
    return Participant.objects.get(call=call, state=LegState.TAKEN), dial.nouns[0]


def tell(participant, event, sid="CF" + "1" * 32):
    form = {
        "ConferenceSid": sid,
        "FriendlyName": participant.conference.name,
        "StatusCallbackEvent": event,
        "CallSid": participant.call_sid,
        "ParticipantLabel": participant.label,
        "SequenceNumber": "1",
        "Hold": "false",
        "Muted": "false",
        "Coaching": "false",
    }
    observe(conference_event(form), at=AT + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("pin", "role"),
    [("4711", "host"), ("1234", "guest"), ("", None), ("47111", None), ("0000", None), ("４７１１", None)],
)
def test_the_pin_tells_as_what_somebody_enters(pin, role):
    assert rooms.admit(room().pk, pin) == role


def test_without_a_pin_of_guests_only_hosts_enter():
    place = room(guest_pin="")

    assert rooms.admit(place.pk, "") is None
    assert rooms.admit(place.pk, "4711") == "host"


def test_guests_wait_with_music_until_a_host_starts_the_room():
    place = room()

    guest, waits = enter(place)
    host, starts = enter(place, host=True)

    assert guest.conference == host.conference
    assert waits.name == starts.name == guest.conference.name
    assert (waits.start_on_enter, starts.start_on_enter) == (False, True)
    assert (guest.role, host.role) == (Role.GUEST, Role.OWNER)
    assert (waits.label, starts.label) == (guest.label, host.label)


def test_nobody_ends_the_room_by_leaving():
    place = room(most=7)
    (dial,) = rooms.enter(place.pk, make_call().pk, host=True, onward=ONWARD, at=AT)

    document = render((dial,))

    assert 'endConferenceOnExit="false"' in document or "endConferenceOnExit" not in document
    assert 'maxParticipants="7"' in document
    assert 'beep="true"' in document
    assert f'action="{ONWARD}"' in document


def test_the_same_request_again_takes_no_second_seat():
    place, call = room(), make_call()

    first, _noun = enter(place, call)
    second, _noun = enter(place, call)

    assert first == second


def test_a_full_room_takes_nobody_more_until_somebody_leaves():
    place = room(most=2)
    first, _noun = enter(place)
    enter(place)

    with pytest.raises(rooms.RoomFull):
        enter(place)

    tell(first, "participant-join")
    tell(first, "participant-leave")
    enter(place)


def test_when_the_last_host_leaves_the_room_is_closed():
    place = room()
    guest, _noun = enter(place)
    hosts = [enter(place, host=True)[0] for _host in range(2)]
    for one in (guest, *hosts):
        tell(one, "participant-join")

    tell(hosts[0], "participant-leave")
    conference = Conference.objects.get()
    assert conference.phase == Phase.TALKING

    tell(hosts[1], "participant-leave")
    conference.refresh_from_db()
    guest.refresh_from_db()
    assert conference.phase == Phase.CLOSED
    assert not guest.wants_in


def test_a_host_who_never_came_in_ends_nothing():
    place = room()
    guest, _noun = enter(place)
    host, _noun = enter(place, host=True)
    tell(guest, "participant-join")

    tell(host, "participant-leave")

    assert Conference.objects.get().phase == Phase.TALKING


def test_a_room_may_go_on_without_its_host():
    place = room(ends_with_host=False)
    guest, _noun = enter(place)
    host, _noun = enter(place, host=True)
    for one in (guest, host):
        tell(one, "participant-join")

    tell(host, "participant-leave")
    assert Conference.objects.get().phase == Phase.TALKING

    tell(guest, "participant-leave")
    assert Conference.objects.get().phase == Phase.CLOSED


def test_who_comes_after_the_end_finds_another_conference():
    place = room()
    host, _noun = enter(place, host=True)
    tell(host, "participant-join")
    tell(host, "participant-leave")

    guest, _noun = enter(place)

    assert guest.conference != host.conference
    assert Conference.objects.exclude(phase=Phase.CLOSED).get() == guest.conference


def test_who_enters_while_the_last_one_leaves_is_not_closed_out():
    place = room(ends_with_host=False)
    last, _noun = enter(place)
    tell(last, "participant-join")
    comes, _noun = enter(place)

    tell(last, "participant-leave")
    tell(last, "conference-end")
    tell(comes, "participant-join", sid=new_sid("CF"))

    comes.refresh_from_db()
    conference = Conference.objects.get()
    assert (comes.state, conference.phase) == (LegState.JOINED, Phase.TALKING)
    assert conference.ended_at is None


def test_a_browser_and_a_sip_phone_may_enter_as_well():
    place = room()

    kinds = [
        enter(place, make_call(from_number=number))[0].endpoint
        for number in ("client:ann", "sip:ann@example.com", "+14155550123", "anonymous")
    ]

    assert kinds == ["browser", "sip", "number", "number"]
