"""The account's conferences: who comes in, when they start and end, and what the application is told of it."""

import re
from datetime import timedelta
from typing import Any, Literal, Protocol

from simulator.callbacks import Callbacks
from simulator.clock import Clock
from simulator.conference_news import sentence, tell
from simulator.legs import Leg, Source, Status, Utterance, Withdrawal
from simulator.process import Inbox, Interruption, Process, Steps, Wait
from simulator.recordings import Recorder, Recording, Wish
from simulator.room import MUSIC, SILENCE, Conference, Participant, RoomWishes, Wishes

SOUND_VERBS = frozenset({"Say", "Play", "Pause", "Redirect"})
MAX_LABEL = 128
SPEECH_PAUSE_SECONDS = 0.5
CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")

Refusal = Literal["full", "label invalid", "label in use", "coached absent", "coached on hold"]


class Refused(Exception):
    """Raise when a leg may not come in as it wishes."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why: Refusal = why


class Board(Protocol):
    """What conferences need of the switchboard."""

    account_sid: str
    clock: Clock
    callbacks: Callbacks
    recorder: Recorder

    def changed(self) -> None:
        """Let those who look know of a change."""
        ...

    def new_sid(self, prefix: str) -> str:
        """Return a new id."""
        ...

    def hear(self, leg: Leg, kind: Any, text: str) -> Any:
        """Let the person on a leg hear something."""
        ...

    def do(self, leg: Leg, doing: str) -> None:
        """Say what a leg does now."""
        ...

    def end(self, leg: Leg, status: Status = "completed", sip_code: int | None = None) -> None:
        """End a leg."""
        ...

    def aside(self, leg: Leg, source: Source, verbs: frozenset[str]) -> Steps[int]:
        """Run documents beside a leg's own."""
        ...


class Conferences:
    """All conferences, and the place where their legs are."""

    def __init__(self, board: Board) -> None:
        self.all: dict[str, Conference] = {}
        self._board = board
        self._seats: dict[str, Participant] = {}

    def live(self) -> list[Conference]:
        """Return those that have not ended, oldest first."""
        return [room for room in self.all.values() if room.live]

    def named(self, name: str) -> Conference | None:
        """Return the live conference of this name."""
        return next((room for room in self.live() if room.friendly_name == name), None)

    # Coming in

    def admit(self, leg: Leg, name: str, wishes: Wishes, room_wishes: RoomWishes) -> Participant:
        """Give a leg a seat, in a new conference if there is none of that name; raise `Refused` where it may not."""
        board, now = self._board, self._board.clock.now()
        room = self.named(name)
        self._check(room, wishes)
        if room is None:
            room = Conference(board.new_sid("CF"), name, now, now, leg, room_wishes)
            self.all[room.sid] = room
        seat = Participant(
            leg=leg,
            room=room,
            label=wishes.label,
            muted=wishes.muted,
            starts=wishes.starts,
            ends=wishes.ends,
            beep=wishes.beep,
            coach=wishes.coach,
            wait=wishes.wait,
            created=now,
            updated=now,
        )
        room.participants.append(seat)
        self._seats[leg.sid] = seat
        leg.place = self
        board.changed()
        return seat

    def _check(self, room: Conference | None, wishes: Wishes) -> None:
        if len(wishes.label) > MAX_LABEL or "/" in wishes.label or CALL_SID.fullmatch(wishes.label):
            raise Refused("label invalid")
        if wishes.coach:
            self.check_coached(room, wishes.coach)
        if room is None:
            return
        if wishes.label and any(one.label == wishes.label for one in room.participants):
            raise Refused("label in use")
        if len(room.participants) >= room.wishes.max_participants:
            raise Refused("full")

    @staticmethod
    def check_coached(room: Conference | None, call_sid: str) -> None:
        """Raise `Refused` unless this call can be coached there."""
        coached = next((one for one in room.present() if one.sid == call_sid), None) if room else None
        if coached is None:
            raise Refused("coached absent")
        if coached.held:
            raise Refused("coached on hold")

    def enter(self, seat: Participant, inbox: Inbox) -> None:
        """Bring an answered leg in; its seat is put into the inbox when it is out again."""
        room = seat.room
        seat.present, seat.inbox = True, inbox
        self._tell(room, "join", "participant-join", seat)
        if room.status == "init" and len(room.present()) > 1 and any(one.starts for one in room.present()):
            self._start(room)
        elif room.status == "init":
            self._sound(seat)
        else:
            self._beep(seat, "onEnter")
            self._sound(seat)

    def stay(self, seat: Participant) -> Steps[None]:
        """Let a leg that REST invited be in its conference until it is out, and then hang up."""
        inbox = Inbox()
        self.enter(seat, inbox)
        yield Wait(inbox=inbox)
        self._board.end(seat.leg)

    def _start(self, room: Conference) -> None:
        room.status, room.updated = "in-progress", self._board.clock.now()
        self._tell(room, "start", "conference-start")
        if room.wishes.record:
            wish = Wish(source="Conference", trim=room.wishes.trim, callback=room.wishes.recording_callback)
            room.recording = self._board.recorder.start(room.first, wish, conference_sid=room.sid)
        for seat in room.present():
            if not seat.held:
                self._sound(seat)
                self._board.hear(seat.leg, "note", "The conference has started")
            self._show(seat)

    # Going out

    def leave(self, leg: Leg, why: Withdrawal) -> None:
        """Take out a leg that has ended, or that a REST request gave something else to do."""
        seat = self._seats.get(leg.sid)
        if seat is not None:
            gone = "participant_updated_via_api" if why == "updated" else "participant_hung_up"
            self._take_out(seat, gone if seat.present else "participant_add_failed")

    def walk_out(self, seat: Participant) -> None:
        """Let a participant out who leaves, but stays on the line."""
        self._take_out(seat, "participant_hung_up")

    def kick(self, seat: Participant) -> None:
        """Take a participant out because REST says so."""
        self._take_out(seat, "participant_updated_via_api", "kicked")

    def _take_out(self, seat: Participant, reason: str, how: Literal["left", "kicked"] = "left") -> None:
        room = seat.room
        if seat not in room.participants:
            return
        room.participants.remove(seat)
        del self._seats[seat.sid]
        seat.leg.place = None
        was_present = seat.present
        self._hush(seat)
        for announcement in seat.announcements:
            announcement.interrupt(Interruption())
        fields = {"ParticipantCallStatus": seat.leg.status, "ReasonParticipantLeft": reason}
        self._tell(room, "leave", "participant-leave", seat, fields)
        if was_present:
            self._beep(seat, "onExit")
            if seat.inbox is not None:
                seat.inbox.put(seat)
        elif seat.leg.live:
            self._board.end(seat.leg, "canceled", 487)
        if room.live and was_present and seat.ends:
            self._end(room, f"participant-with-end-conference-on-exit-{how}", seat)
        elif room.live and not room.participants:
            self._end(room, f"last-participant-{how}", seat)
        self._board.changed()

    def end(self, room: Conference) -> None:
        """End a conference because REST says so."""
        self._end(room, "conference-ended-via-api", None)

    def _end(self, room: Conference, reason: str, by: Participant | None) -> None:
        room.status, room.updated, room.reason = "completed", self._board.clock.now(), reason
        room.ended_by = by.sid if by else None
        for announcement in room.announcements:
            announcement.interrupt(Interruption())
        for seat in tuple(room.participants):
            self._take_out(seat, "moderator_ended_conference" if by else "conference_ended_via_api")
        if room.recording is not None:
            self._board.recorder.finish(room.recording)
        fields = {"ReasonConferenceEnded": reason, "Reason": sentence(reason, by)}
        if by is not None:
            fields |= {"CallSidEndingConference": by.sid, "ParticipantLabelEndingConference": by.label}
        self._tell(room, "end", "conference-end", more=fields)

    # Changes by REST

    def mute(self, seat: Participant, muted: bool) -> None:
        """Mute a participant, or not; without news when nothing changes."""
        if seat.muted != muted:
            seat.muted = muted
            self._touch(seat)
            self._tell(seat.room, "mute", "participant-mute" if muted else "participant-unmute", seat)

    def hold(self, seat: Participant, held: bool, source: Source) -> None:
        """Put a participant on hold with this to hear, or bring it back."""
        changed, seat.held, seat.hold = seat.held != held, held, source
        if changed or held:
            self._touch(seat)
            self._sound(seat)
        if changed:
            self._tell(seat.room, "hold", "participant-hold" if held else "participant-unhold", seat)

    def modify(
        self,
        seat: Participant,
        *,
        ends: bool | None = None,
        beeps_on_exit: bool | None = None,
        coach: str | None = None,
        wait: Source | None = None,
    ) -> None:
        """Change what else can be changed. On hold, a new end flag is silently refused, as Twilio does."""
        before = (seat.ends, seat.beep, seat.coach, seat.wait)
        if ends is not None and not seat.held:
            seat.ends = ends
        if beeps_on_exit is not None:
            on_enter = seat.beep in ("true", "onEnter")
            beeps: dict[tuple[bool, bool], Literal["true", "false", "onEnter", "onExit"]]
            beeps = {(True, True): "true", (True, False): "onEnter", (False, True): "onExit", (False, False): "false"}
            seat.beep = beeps[on_enter, beeps_on_exit]
        if coach is not None:
            seat.coach = coach
        if wait is not None:
            seat.wait = wait
        if before == (seat.ends, seat.beep, seat.coach, seat.wait):
            return
        self._touch(seat)
        if before[-1] != seat.wait and seat.waiting and not seat.held:
            self._sound(seat)
        self._tell(seat.room, "modify", "participant-modify", seat)

    def announce(self, room: Conference, source: Source, seat: Participant | None = None) -> None:
        """Play something to a participant, or to everybody who is in."""
        process = Process(self._board.clock, self._announcement(room, source, seat))
        (seat or room).announcements.append(process)

    def _announcement(self, room: Conference, source: Source, seat: Participant | None) -> Steps[None]:
        fields = {"ConferenceSid": room.sid, "FriendlyName": room.friendly_name}
        if seat is not None:
            shadow = seat.leg.shadow()
        else:
            shadow = room.first.shadow(lambda: [one.leg for one in room.present() if not one.held])
        failure = yield from self._board.aside(shadow, Source(source.url, source.method, fields), SOUND_VERBS)
        told = {"AnnounceUrl": source.url} | ({"CallSid": seat.sid} if seat else {})
        if failure:
            told["ReasonAnnouncementFailed"] = str(failure)
        self._tell(room, "announcement", "announcement-fail" if failure else "announcement-end", more=told)

    # What is heard

    def listeners(self, leg: Leg) -> list[Leg]:
        """Return the legs that hear this one."""
        speaker = self._seats.get(leg.sid)
        if speaker is None:
            return []
        return [one.leg for one in speaker.room.participants if speaker.room.hears(one, speaker)]

    def said(self, leg: Leg, utterance: Utterance) -> None:
        """Tell who speaks."""
        seat = self._seats.get(leg.sid)
        if seat is not None and seat.room.is_heard(seat) and seat.room.wishes.callback.wants("speaker"):
            self._speaks(seat, utterance.seconds)

    def recording_of(self, leg: Leg) -> Recording | None:
        """Return the recording that hears this leg; a coach is not in the recording."""
        seat = self._seats.get(leg.sid)
        if seat is None or seat.coach or not seat.room.is_heard(seat):
            return None
        return seat.room.recording

    def _speaks(self, seat: Participant, seconds: float) -> None:
        was_silent = seat.speaking_until is None
        seat.speaking_until = self._board.clock.now() + timedelta(seconds=seconds)
        if was_silent:
            self._tell(seat.room, "speaker", "participant-speech-start", seat)
        # A pause of this length is none: what is said next belongs to the same speech.
        self._board.clock.call_later(seconds + SPEECH_PAUSE_SECONDS, lambda: self._is_silent(seat))

    def _is_silent(self, seat: Participant) -> None:
        pause_began = self._board.clock.now() - timedelta(seconds=SPEECH_PAUSE_SECONDS)
        if seat.speaking_until is not None and seat.speaking_until <= pause_began and seat in seat.room.participants:
            seat.speaking_until = None
            self._tell(seat.room, "speaker", "participant-speech-stop", seat)

    def _sound(self, seat: Participant) -> None:
        """Let a participant hear what there is to hear while not in the talk: once, and silence after it."""
        if not seat.present:
            return
        self._hush(seat)
        self._show(seat)
        source = seat.hold if seat.held else seat.wait
        if not (seat.held or seat.waiting):
            return
        if source is MUSIC:
            self._board.hear(seat.leg, "note", "Hold music")
        elif source is SILENCE:
            self._board.hear(seat.leg, "silence", "")
        else:
            seat.music = Process(self._board.clock, self._music(seat, source))

    def _music(self, seat: Participant, source: Source) -> Steps[None]:
        failure = yield from self._board.aside(seat.leg.shadow(), source, SOUND_VERBS)
        if failure and not seat.held:
            # Without its wait document a participant does not get in.
            seat.failed = True
            self._take_out(seat, "participant_add_failed")

    @staticmethod
    def _hush(seat: Participant) -> None:
        if seat.music is not None:
            seat.music.interrupt(Interruption())
            seat.music = None

    def _beep(self, seat: Participant, when: Literal["onEnter", "onExit"]) -> None:
        if seat.room.status == "in-progress" and seat.beep in ("true", when):
            for one in seat.room.present():
                if not one.held:
                    self._board.hear(one.leg, "beep", "")

    def _show(self, seat: Participant) -> None:
        how = "on hold in" if seat.held else "waiting in" if seat.waiting else "in"
        self._board.do(seat.leg, f"{how} conference {seat.room.friendly_name}")

    def _touch(self, seat: Participant) -> None:
        seat.updated = self._board.clock.now()
        self._board.changed()

    def _tell(
        self,
        room: Conference,
        asked: str,
        event: str,
        seat: Participant | None = None,
        more: dict[str, str] | None = None,
    ) -> None:
        tell(self._board, room, asked, event, seat, more)
