"""Calls, queues, conversations and who is in them. Pure."""

from crm.catalogue.pieces import AGENT, CALL, CALL_ID, OTHER_CALL_ID, QUEUE, SECOND
from crm.catalogue.schemas import (
    EventType,
    event_type,
    flag,
    group,
    moment,
    number,
    perhaps,
    several,
    text,
    uuid,
    whole,
)

CALLS = "calls.view_call"
WAITING = "queues.view_entry"
TALKING = "conferences.view_conference"
ENTRY = "6b0c4a1e-0d53-4a8e-9f13-b0a6a2a0f3c4"
CONFERENCE = "2d4f1c3b-8e7a-4c6d-9b5a-0e1f2a3b4c5d"

VISIT = group(
    "One stay in a queue.",
    id=uuid(ENTRY),
    queue=QUEUE,
    state=text("answered", "waiting, offered, talking, answered, abandoned, timed-out, left or failed."),
    agent=perhaps(AGENT),
    joined_at=moment(SECOND),
    answered_at=perhaps(moment("2026-03-02T09:15:40.000Z")),
    ended_at=perhaps(moment("2026-03-02T09:21:40.000Z")),
    seconds_waited=whole(36, "Until somebody took the call, or until the end."),
)
HANDLING = group(
    "An agent's part: the talk and the wrap-up.",
    agent=AGENT,
    began_at=moment("2026-03-02T09:15:40.000Z"),
    ended_at=perhaps(moment("2026-03-02T09:21:40.000Z")),
    done_at=perhaps(moment("2026-03-02T09:22:10.000Z")),
    disposition=perhaps(text("Ordered")),
)
PARTICIPANT = group(
    "Somebody in a conversation.",
    id=uuid("c1d2e3f4-0516-4728-9a3b-4c5d6e7f8091"),
    role=text("owner", "customer, owner, target, guest, supervisor or former."),
    agent=perhaps(AGENT),
    call=perhaps(uuid(OTHER_CALL_ID)),
    state=text("joined", "wanted, asked, ringing, answered, taken, joined or left."),
    outcome=text("", "Why a leg is over: declined, no-answer, busy, failed, hung-up, released, ..."),
    held=flag(False),
    muted=flag(False),
    coaching=flag(False),
)
ROOM = group(
    "One conversation as a room.",
    id=uuid(CONFERENCE),
    phase=text("talking", "opening, talking, consulting, handing-over, returning, recovering or closed."),
    held=flag(False),
    subject=text("Orders", "What it is about: the queue's name, most often."),
)

TYPES: tuple[EventType, ...] = (
    event_type(
        "call.started",
        "A leg exists: somebody calls, or we are calling somebody.",
        CALLS,
        call=CALL,
    ),
    event_type(
        "call.rang",
        "The telephone at the other end rings. Told of legs that we or a flow dialed, if Twilio says so in time.",
        CALLS,
        call=CALL,
    ),
    event_type(
        "call.answered",
        "A leg was answered. Of a caller who only heard our documents this may be known no sooner than its end; "
        "`occurred_at` is the moment of the answer.",
        CALLS,
        call=CALL,
    ),
    event_type(
        "call.ended",
        "The fast event: a leg is over. Recordings, notes and figures may still follow.",
        CALLS,
        call=CALL,
        answered_by=text("", "What answering machine detection said, if it was asked."),
    ),
    event_type(
        "call.completed",
        "The complete event: all legs of the conversation are over, and its recordings, transcripts and wrap-ups are "
        "settled, or the time limit for that is over (`settled` is false then). "
        "Told again if the conversation goes on.",
        CALLS,
        settled=flag(True, "Whether everything below is final."),
        call=CALL,
        legs=several(CALL),
        visits=several(VISIT),
        handlings=several(HANDLING),
        recordings=several(
            group(
                id=uuid("3f1a9d7e-2b6c-4e0a-8f65-6d1c2b3a4f50"),
                state=text("stored"),
                seconds=perhaps(whole(392)),
                transcribed=flag(True),
            )
        ),
        voicemails=several(uuid("5e4d3c2b-1a09-4f8e-8d7c-6b5a49382716")),
        seconds=whole(400, "From the first leg's start to the last one's end."),
    ),
    event_type(
        "queue.entered",
        "Somebody waits in a queue: a caller, or the kept place of somebody who is to be called back.",
        WAITING,
        entry=uuid(ENTRY),
        queue=QUEUE,
        call=perhaps(uuid(CALL_ID)),
        callback=perhaps(uuid(ENTRY), empty=True),
        position=whole(1, "1 is next."),
        why=text("", "Moved, sent on, or nothing."),
    ),
    event_type(
        "queue.left",
        "A stay in a queue is over: the caller was taken, hung up, chose something else, or waited too long.",
        WAITING,
        entry=uuid(ENTRY),
        queue=QUEUE,
        call=perhaps(uuid(CALL_ID)),
        callback=perhaps(uuid(ENTRY), empty=True),
        state=text("talking", "talking (taken), abandoned, timed-out, left or failed."),
        agent=perhaps(AGENT),
        why=text("answered"),
        seconds=whole(36, "Waited so long."),
    ),
    *(
        event_type(
            f"offer.{name}",
            told,
            WAITING,
            offer=uuid("7c6b5a49-3827-4615-8f0e-1d2c3b4a5968"),
            entry=uuid(ENTRY),
            queue=QUEUE,
            agent=AGENT,
            call=perhaps(uuid(CALL_ID)),
            state=text(state),
            why=text("has been idle longest", "Why this agent."),
        )
        for name, state, told in (
            ("made", "ringing", "An agent is asked to take somebody who waits."),
            ("accepted", "accepted", "The agent took the caller."),
            ("missed", "missed", "The agent did not: missed, declined, or the phone could not be rung (`state`)."),
            ("withdrawn", "withdrawn", "The offer is over without the agent: somebody was faster, or the caller left."),
        )
    ),
    event_type(
        "callback.changed",
        "Somebody is to be called back: asked for, tried, done, canceled or given up (`state`).",
        "queues.view_callback",
        callback=uuid("d0c1b2a3-9485-4768-8a9b-0c1d2e3f4051"),
        queue=QUEUE,
        number=number("+12025550142"),
        state=text("waiting", "waiting, dialing, done, canceled or expired."),
        what=text("asked for", "For people."),
        tries=whole(0),
        expires_at=moment("2026-03-03T09:15:04.120Z"),
    ),
    event_type(
        "conference.changed",
        "A conversation stands differently (`phase`) or is somebody else's: a colleague is asked, it is handed over.",
        TALKING,
        conference=ROOM,
        owner=perhaps(AGENT),
    ),
    event_type(
        "conference.closed",
        "A conversation is over, or the customer goes on elsewhere (`fate`).",
        TALKING,
        conference=ROOM,
        fate=text("gone", "What becomes of the customer: served, gone, requeued, elsewhere or unreached."),
    ),
    *(
        event_type(f"participant.{name}", told, TALKING, conference=uuid(CONFERENCE), participant=PARTICIPANT)
        for name, told in (
            ("joined", "Somebody is in the conversation."),
            ("changed", "Somebody in it is held, muted or coached, or not any more."),
            ("left", "A leg is over, or will never be in it (`outcome`)."),
        )
    ),
    event_type(
        "presence.changed",
        "An agent stands differently: chose, is rung, talks, wraps up, is free, fell silent.",
        "agents.view_agent",
        agent=AGENT,
        standing=text("ready", "ringing, talking, offline, wrap-up, not-ready, cooling-off, unreachable or ready."),
        chosen=text("ready"),
        reason=text(""),
        since=moment(SECOND),
    ),
)
