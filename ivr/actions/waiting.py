"""Somebody waits in a queue, and hears one item after the other."""

import json
from datetime import datetime
from uuid import UUID

from django.db import connection

import calls.actions
from ivr import documents, engine, facts
from ivr.actions import requests
from ivr.actions.standing import Standing, lock, urls
from ivr.kinds.base import Heard
from ivr.kinds.requests import LeaveQueue
from ivr.kinds.settings import Broken
from telephony import twiml
from telephony.payloads import VoiceRequest


def wait(visit: UUID, turn: int, loop: int, request: VoiceRequest, heard: Heard, *, at: datetime) -> str:
    """Give somebody who waits the item of `loop`, or lead out of the queue who has chosen so or waited enough.

    The turn stays: only the end of the wait moves the visit. Who waits where nobody should is led back to the step.
    """
    standing = lock(visit)
    if standing is None or turn != standing.turn or request.call_sid != standing.sid or standing.ended_at:
        return twiml.render((twiml.Leave(),))
    try:
        document = documents.frozen(standing.version)
        position = engine.Position.from_json(json.loads(standing.position))
    except Broken:
        return twiml.render((twiml.Leave(),))  # the request that follows tells why
    known = facts.read_wait(document, position.step, loop, call=standing.call, at=at)
    following = urls(visit, turn, loop=loop + 1)
    waiting = engine.wait(document, position, heard, loop, facts=known, urls=following)
    calls.actions.record_events(standing.call, waiting.events, at=at)
    if not _carried_out(waiting, standing, at=at):
        return twiml.render((twiml.Redirect(following.wait),))
    if waiting.position != position:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ivr_visit SET position = %s WHERE id = %s", [json.dumps(waiting.position.to_json()), visit]
            )
    return twiml.render(waiting.verbs)


def _carried_out(waiting: engine.Waiting, standing: Standing, *, at: datetime) -> bool:
    """Take the caller out of the queue, if that is asked for; False for who has been given to an agent meanwhile."""
    return all(
        requests.leave(request, standing.call, at=at) for request in waiting.requests if isinstance(request, LeaveQueue)
    )
