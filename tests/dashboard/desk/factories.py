"""Conversations as rows, for desks to show."""

import json
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from agents.models import Agent
from agents.states import Activity
from calls.models import EventKind
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from queues.models import Entry, Offer
from tests.calls.factories import make_call, make_event
from tests.queues.factories import make_queue


def press(client, what, *, on="", **fields):
    return client.post(reverse("desk-do", args=[what]), fields, headers={"HX-Target": on} if on else {})


def said(answer):
    return json.loads(answer["HX-Trigger"])["said"]


def panel(client, name, **asked):
    return client.get(reverse("desk-panel", args=[name]), asked).content.decode()


def conversation(agent: Agent, *, leg: str, phase: str = Phase.TALKING, **fields):
    """Somebody's call with the agent, who has come as far as `leg`."""
    now = timezone.now()
    queue = make_queue("Support", members=[agent])
    call = make_call(from_number="+14155550123", started_at=now - timedelta(seconds=90), heard_at=now)
    conference = Conference.objects.create(
        customer=call, subject="Support", phase=phase, opened_at=now - timedelta(seconds=30), **fields
    )
    mine = Participant.objects.create(
        conference=conference,
        role=Role.OWNER,
        agent=agent,
        endpoint="browser",
        address="client:agent",
        wants_in=True,
        state=leg,
        wanted_at=now - timedelta(seconds=5),
    )
    there = leg == LegState.JOINED
    caller = Participant.objects.create(
        conference=conference,
        role=Role.CUSTOMER,
        endpoint="number",
        address=call.from_number,
        is_moved=True,
        wants_in=there,
        call=call,
        state=LegState.JOINED if there else LegState.WANTED,
        wanted_at=now,
    )
    entry = Entry.objects.create(
        queue=queue,
        call=call,
        conference=conference,
        language="en-US",
        joined_at=now - timedelta(seconds=73),
        aged_from=now,
        state="talking" if there else "offered",
    )
    Offer.objects.create(entry=entry, agent=agent, participant=mine, offered_at=now, ends_at=now)
    make_event(call, EventKind.ENTERED, step="2", name="Main menu", kind="menu")
    make_event(call, EventKind.HEARD, text="For support, press 2.")
    make_event(call, EventKind.PRESSED, digits="2")
    Agent.objects.filter(pk=agent.pk).update(activity=Activity.TALKING if there else Activity.RINGING)
    return conference, mine, caller, entry
