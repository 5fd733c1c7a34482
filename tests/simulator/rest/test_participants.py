"""Conferences and participants by REST, as the real library asks for them."""

from datetime import date, datetime
from urllib.parse import quote, urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.rest.sdk import client, get
from tests.simulator.verbs.test_conference import ALL, CAROL, NEWS, document, hearing, join, room, told
from tests.simulator.world import ACCOUNT, ANN, BASE, BOB, CALLER, COMPANY, pick, statuses, world

EVERY = ALL.split()


def meeting(attributes: str = NEWS):
    """A caller and Ann in a conference, and the library's view of it."""
    w = world()
    caller, agent = join(w, CALLER, attributes), join(w, ANN)
    twilio = client(w.sim)
    return w, twilio, twilio.conferences(room(w)["sid"]), caller, agent


def invite(w, name="room", to=ANN, **options):
    return client(w.sim).conferences(name).participants.create(from_=COMPANY, to=to, **options)


def refusal(ask) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        ask()
    return caught.value.status, caught.value.code


def test_a_participant_is_rung_into_a_conference_that_is_made_for_them():
    w = world()
    w.phone(ANN)
    made = invite(
        w,
        label="agent",
        status_callback=f"{BASE}/calls",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
        conference_status_callback=f"{BASE}/news",
        conference_status_callback_event=EVERY,
    )
    assert (made.status, made.label, made.muted, made.hold, made.coaching) == ("queued", "agent", False, False, False)
    assert made.conference_sid == room(w)["sid"]
    w.sim.advance(1)
    seen = client(w.sim).conferences(made.conference_sid).participants("agent")
    assert (seen.fetch().status, seen.fetch().call_sid) == ("ringing", made.call_sid)
    assert w.app.asked("/news") == []

    w.sim.answer(made.call_sid)
    w.sim.advance(1)
    assert seen.fetch().status == "connected"
    caller = join(w, CALLER)
    assert hearing(w) == {ANN: [CALLER], CALLER: [ANN]}
    w.sim.hang_up(made.call_sid)
    w.sim.hang_up(caller.sid)
    w.sim.run_until_idle()

    assert statuses(w.app.asked("/calls")) == ["initiated", "ringing", "in-progress", "completed"]
    assert [event for (event,) in told(w)] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]


def test_a_conference_made_by_rest_tells_of_start_and_end_unless_asked_for_more():
    w = world()
    w.phone(ANN, "answers")
    made = invite(w, conference_status_callback=f"{BASE}/news")
    w.sim.advance(5)
    join(w, CALLER)
    client(w.sim).conferences(made.conference_sid).update(status="completed")
    w.sim.run_until_idle()

    assert [event for (event,) in told(w)] == ["conference-start", "conference-end"]


@pytest.mark.parametrize(("answers", "status"), [("busy", "busy"), ("ignores", "no-answer"), ("unreachable", "failed")])
def test_who_does_not_answer_was_never_in(answers, status):
    w = world()
    w.phone(ANN, answers)
    join(w, CALLER, NEWS)
    made = invite(w, timeout=10)
    w.sim.run_until_idle()

    assert told(w, "CallSid", "ReasonParticipantLeft", "ParticipantCallStatus")[1:] == [
        ("participant-leave", made.call_sid, "participant_add_failed", status)
    ]
    assert room(w)["status"] == "init"
    assert refusal(client(w.sim).conferences(room(w)["sid"]).participants(made.call_sid).fetch) == (404, 20404)


def test_the_called_device_gets_the_parameters_of_its_address():
    w = world()
    w.phone("client:ann", "answers")
    made = invite(w, to="client:ann?ticket=7&vip=yes")
    w.sim.advance(5)

    leg = w.sim.leg(made.call_sid)
    assert (leg.to, leg.shown) == ("client:ann", {"ticket": "7", "vip": "yes"})
    assert room(w)["participants"][0]["status"] == "connected"


def test_an_own_number_answers_with_its_own_document():
    w = world()
    caller = join(w, CALLER)
    w.page(
        "/menu", "<Say>One moment</Say><Gather numDigits='1' action='/pressed'><Say>Welcome to the menu</Say></Gather>"
    )
    w.sim.add_number("+14155550188", voice_url=f"{BASE}/menu")
    made = invite(w, to="+14155550188")
    w.sim.advance(4)

    assert room(w)["status"] == "in-progress"
    assert caller.heard_text.endswith("Welcome to the menu")
    w.sim.press(caller.sid, "4")
    w.sim.advance(1)
    (fields,) = w.app.asked("/pressed")
    assert fields["Digits"] == "4"
    assert fields["CallSid"] != made.call_sid


def test_mute_and_hold_change_who_hears_whom_and_are_told_once():
    w, _, conference, caller, agent = meeting()
    w.page("/music", "<Say>Please hold</Say>")
    seat = conference.participants(caller.sid)

    assert seat.update(muted=True).muted is True
    seat.update(muted=True)
    assert hearing(w) == {CALLER: [ANN], ANN: []}
    seat.update(muted=False)
    assert seat.update(hold=True, hold_url=f"{BASE}/music").hold is True
    w.sim.advance(5)
    assert hearing(w) == {CALLER: [], ANN: []}
    assert w.app.asked("/music")[0]["CallSid"] == caller.sid
    assert next(request for request in w.app.requests if "/music" in request.url).method == "GET"
    w.sim.speak(agent.sid, "Are you there")
    assert caller.heard_text.endswith("Please hold")
    seat.update(hold=False)
    w.sim.advance(1)

    assert hearing(w) == {CALLER: [ANN], ANN: [CALLER]}
    assert [event for (event,) in told(w)][3:] == [
        "participant-mute",
        "participant-unmute",
        "participant-hold",
        "participant-unhold",
    ]


def test_hold_music_stops_with_the_hold():
    w, _, conference, caller, _ = meeting()
    w.page("/music", "<Say>One</Say><Pause length='20'/><Say>Two</Say>")
    conference.participants(caller.sid).update(hold=True, hold_url=f"{BASE}/music", hold_method="POST")
    w.sim.advance(5)
    conference.participants(caller.sid).update(hold=False)
    w.sim.advance(60)

    assert "One" in caller.heard_text
    assert "Two" not in caller.heard_text


def test_a_held_participant_ignores_a_new_end_flag_in_silence():
    w, _, conference, caller, _ = meeting()
    seat = conference.participants(caller.sid)
    assert seat.update(end_conference_on_exit=True).end_conference_on_exit is True
    seat.update(hold=True)
    assert seat.update(end_conference_on_exit=False).end_conference_on_exit is True
    w.sim.advance(0)

    assert [event for (event,) in told(w)][3:] == ["participant-modify", "participant-hold"]
    assert w.app.asked("/news")[3]["EndConferenceOnExit"] == "true"


def test_a_supervisor_coaches_then_barges_in_then_only_listens():
    w, _, conference, _, agent = meeting()
    w.phone(BOB, "answers")
    boss = invite(w, to=BOB, muted=True)
    w.sim.advance(5)
    assert hearing(w) == {CALLER: [ANN], ANN: [CALLER], BOB: [CALLER, ANN]}
    seat = conference.participants(boss.call_sid)

    seat.update(muted=False, coaching=True, call_sid_to_coach=agent.sid)
    assert hearing(w) == {CALLER: [ANN], ANN: [CALLER, BOB], BOB: [CALLER, ANN]}
    assert (seat.fetch().coaching, seat.fetch().call_sid_to_coach) == (True, agent.sid)
    seat.update(coaching=False)
    assert hearing(w)[CALLER] == [ANN, BOB]
    assert refusal(lambda: seat.update(coaching=True)) == (400, 20001)
    assert refusal(lambda: seat.update(coaching=True, call_sid_to_coach="CA" + "0" * 32)) == (400, 16028)
    conference.participants(agent.sid).update(hold=True)
    assert refusal(lambda: seat.update(coaching=True, call_sid_to_coach=agent.sid)) == (400, 16027)


def test_announcements_reach_one_or_all_and_their_end_is_told():
    w, _, conference, caller, agent = meeting()
    w.page("/one", "<Say>This call is recorded</Say>")
    w.page("/all", "<Say>The office closes soon</Say>")
    w.app.pages["/broken"] = "nonsense"
    conference.participants(caller.sid).update(announce_url=f"{BASE}/one")
    w.sim.advance(5)
    conference.update(announce_url=f"{BASE}/all", announce_method="GET")
    w.sim.advance(5)
    conference.update(announce_url=f"{BASE}/broken")
    w.sim.advance(5)

    assert "recorded" in caller.heard_text
    assert "recorded" not in agent.heard_text
    assert caller.heard_text.endswith("The office closes soon")
    assert agent.heard_text.endswith("The office closes soon")
    assert w.app.asked("/all")[0]["ConferenceSid"] == room(w)["sid"]
    assert told(w, "AnnounceUrl", "CallSid", "ReasonAnnouncementFailed")[3:] == [
        ("announcement-end", f"{BASE}/one", caller.sid, "-"),
        ("announcement-end", f"{BASE}/all", "-", "-"),
        ("announcement-fail", f"{BASE}/broken", "-", "12100"),
    ]


def test_a_kicked_participant_goes_on_with_the_own_document_and_is_gone_at_once():
    w, _, conference, _, agent = meeting()
    assert conference.participants(agent.sid).delete() is True
    assert refusal(conference.participants(agent.sid).fetch) == (404, 20404)
    assert refusal(lambda: conference.participants(agent.sid).update(muted=True)) == (404, 20404)
    w.sim.advance(1)

    assert agent.heard_text.endswith("Afterwards")
    assert told(w, "ReasonParticipantLeft")[-1] == ("participant-leave", "participant_updated_via_api")


def test_an_invited_one_is_hung_up_when_kicked_and_stops_ringing():
    w, _, conference, _, _ = meeting()
    w.phone(BOB, "answers")
    w.phone(CAROL)
    inside, ringing = invite(w, to=BOB), invite(w, to=CAROL)
    w.sim.advance(5)
    for made in (inside, ringing):
        conference.participants(made.call_sid).delete()
    w.sim.advance(1)

    assert w.sim.leg(inside.call_sid).status == "completed"
    assert w.sim.leg(ringing.call_sid).status == "canceled"


@pytest.mark.parametrize("attributes", ["", "endConferenceOnExit='true'"])
def test_the_last_or_the_deciding_one_kicked_ends_it(attributes):
    w = world()
    caller = join(w, CALLER, f"{NEWS} {attributes}")
    client(w.sim).conferences(room(w)["sid"]).participants(caller.sid).delete()
    w.sim.run_until_idle()

    reason = "participant-with-end-conference-on-exit-kicked" if attributes else "last-participant-kicked"
    assert w.app.asked("/news")[-1]["ReasonConferenceEnded"] == reason


@pytest.mark.parametrize("change", [{"status": "completed"}, {"url": f"{BASE}/elsewhere"}])
def test_ending_or_redirecting_a_call_by_rest_leaves_the_conference(change):
    w, twilio, conference, caller, agent = meeting()
    w.page("/elsewhere", "<Say>Elsewhere</Say><Pause length='60'/>")
    twilio.calls(agent.sid).update(**change)
    assert refusal(conference.participants(agent.sid).fetch) == (404, 20404)
    w.sim.advance(5)

    assert told(w, "CallSid", "ReasonParticipantLeft")[-1] == (
        "participant-leave",
        agent.sid,
        "participant_updated_via_api",
    )
    assert hearing(w) == {CALLER: []}
    assert caller.live


def test_redirecting_the_deciding_one_ends_the_conference():
    w = world()
    w.page("/elsewhere", "<Pause length='60'/>")
    caller, agent = join(w, CALLER, f"{NEWS} endConferenceOnExit='true'"), join(w, ANN)
    client(w.sim).calls(caller.sid).update(url=f"{BASE}/elsewhere")
    w.sim.run_until_idle(30)

    assert told(w, "CallSid", "ReasonParticipantLeft")[-2] == (
        "participant-leave",
        agent.sid,
        "moderator_ended_conference",
    )
    assert w.app.asked("/news")[-1]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"


def test_a_conference_ended_by_rest_is_listed_without_participants():
    w, _, conference, caller, agent = meeting()
    assert [seat.call_sid for seat in conference.participants.list()] == [agent.sid, caller.sid]
    assert [seat.call_sid for seat in conference.participants.list(hold=True)] == []

    ended = conference.update(status="completed")
    w.sim.run_until_idle()

    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    assert ended.call_sid_ending_conference is None
    assert conference.participants.list() == []
    assert refusal(conference.participants(caller.sid).fetch) == (404, 20404)
    assert refusal(lambda: conference.participants.create(from_=COMPANY, to=ANN)) == (404, 20404)
    assert [reason for event, reason in told(w, "ReasonParticipantLeft") if event == "participant-leave"] == [
        "conference_ended_via_api"
    ] * 2
    assert caller.heard_text.endswith("Afterwards")


def test_conferences_are_found_by_name_status_and_day():
    w, twilio, conference, *_ = meeting()
    join(w, BOB, name="other")
    day = date(2026, 1, 5)
    wanted = {"friendly_name": "room", "status": "in-progress", "date_created": day}

    assert [one.friendly_name for one in twilio.conferences.list()] == ["other", "room"]
    assert [one.sid for one in twilio.conferences.list(**wanted)] == [conference.fetch().sid]
    assert twilio.conferences.list(date_created_after=date(2026, 1, 6)) == []
    assert get(w.sim, "/Conferences.json?DateCreated=2026-01-05T10:00:00Z").status == 400
    assert refusal(twilio.conferences("CF" + "0" * 32).fetch) == (404, 20404)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"label": "caller"}, 16026),
        ({"label": "a/b"}, 16024),
        ({"coaching": True}, 20001),
        ({"coaching": True, "call_sid_to_coach": "CA" + "1" * 32}, 16028),
        ({"timeout": 2}, 21208),
        ({"conference_record": "record-from-answer"}, 20001),
        ({"wait_url": "nonsense"}, 21205),
    ],
)
def test_what_twilio_refuses_is_refused_and_rings_nobody(options, code):
    w = world()
    w.phone(ANN, "answers")
    join(w, CALLER, "participantLabel='caller' maxParticipants='2'")

    assert refusal(lambda: invite(w, **options)) == (400, code)
    assert w.sim.legs(ANN) == []
    invite(w)
    assert refusal(lambda: invite(w)) == (400, 16020)


def test_the_shapes_are_whole():
    w, _, conference, caller, _ = meeting()
    sid = room(w)["sid"]
    body = get(w.sim, f"/Conferences/{sid}.json").body.decode()
    seat = get(w.sim, f"/Conferences/{sid}/Participants/{caller.sid}.json").body.decode()

    assert all(f'"{name}"' in body for name in ("reason_conference_ended", "subresource_uris", "region"))
    assert f'"/2010-04-01/Accounts/{ACCOUNT}/Conferences/{sid}/Participants/{caller.sid}.json"' in seat
    assert '"queue_time": null' in seat
    assert isinstance(conference.fetch().date_created, datetime)


def test_the_recordings_of_a_conference_are_listed_under_it():
    w, twilio, conference, caller, _ = meeting("record='record-from-start' trim='do-not-trim'")
    w.sim.speak(caller.sid, "Good morning")
    w.sim.advance(5)
    conference.update(status="completed")
    w.sim.run_until_idle()

    (recording,) = conference.recordings.list()
    assert (recording.conference_sid, recording.source) == (room_sid(twilio), "Conference")
    assert twilio.recordings.list(conference_sid=room_sid(twilio))[0].sid == recording.sid
    assert conference.recordings(recording.sid).delete() is True


def room_sid(twilio) -> str:
    return twilio.conferences.list()[0].sid


def test_an_invited_participants_own_leg_can_be_recorded_and_wait_and_exit_be_chosen():
    w = world()
    w.phone(ANN, "answers")
    w.page("/wait", "<Say>One moment</Say>")
    made = invite(w, record=True, end_conference_on_exit=True, wait_url=f"{BASE}/wait", recording_channels="dual")
    w.sim.advance(5)
    caller = join(w, CALLER)
    w.sim.speak(caller.sid, "Hello")
    w.sim.advance(3)
    w.sim.hang_up(made.call_sid)
    w.sim.run_until_idle()

    assert "One moment" in w.sim.leg(made.call_sid).heard_text
    assert caller.heard_text.endswith("Afterwards")
    assert [recording.wish.channels for recording in w.sim.recordings] == [2]
    assert pick(client(w.sim).calls(made.call_sid).fetch().__dict__, "direction") == {"direction": "outbound-api"}


def test_a_room_is_named_as_the_path_says():
    w = world()
    w.phone(ANN, "answers")
    w.page("/voice", document(name="room 7"))
    invite(w, name="room%207")
    w.sim.advance(5)
    w.call()
    w.sim.advance(1)

    assert hearing(w) == {ANN: [CALLER], CALLER: [ANN]}


@pytest.mark.parametrize("value", ["yes", "1", "", "on"])
def test_muted_values_other_than_true_unmute(value):
    """Facts 5.6: any Muted value other than true and false counts as false."""
    _, _, conference, _, agent = meeting()
    conference.participants(agent.sid).update(muted=True)

    conference.participants(agent.sid).update(muted=value)

    assert conference.participants(agent.sid).fetch().muted is False


@pytest.mark.parametrize("label", ["Ann Lee", "agent@desk", "50%25", "été"])
def test_a_label_is_found_by_its_encoded_form(label):
    """Facts 5.6: the path's key is the CallSid or the label, percent-encoded; the library does not encode it."""
    w = world()
    caller = join(w, CALLER, f"participantLabel='{label}'")
    conference = client(w.sim).conferences(room(w)["sid"])

    assert conference.participants(quote(label, safe="")).fetch().call_sid == caller.sid


def test_an_announcement_is_posted_and_hold_music_is_fetched():
    """Facts trap 15: HoldMethod defaults to GET, everything else to POST."""
    w, _, conference, _, agent = meeting()
    w.page("/hold", "<Say>Music</Say>")
    w.page("/announce", "<Say>Hear, hear</Say>")

    conference.participants(agent.sid).update(hold=True, hold_url=f"{BASE}/hold")
    conference.participants(agent.sid).update(announce_url=f"{BASE}/announce")
    conference.update(announce_url=f"{BASE}/announce")
    w.sim.advance(5)

    methods = [(urlsplit(request.url).path, request.method) for request in w.app.requests]
    assert ("/hold", "GET") in methods
    assert methods.count(("/announce", "POST")) == 2


def test_a_second_invitations_callback_and_recording_do_not_count():
    """Facts trap 8: only the settings of the one who makes the conference count."""
    w = world()
    w.phone(ANN, "answers")
    join(w, CALLER, NEWS)

    invite(
        w, conference_status_callback=f"{BASE}/other", conference_status_callback_event=EVERY, conference_record="true"
    )
    w.sim.advance(20)

    assert w.app.asked("/other") == []
    assert ("conference-start",) in told(w)
    assert w.sim.recordings == []
