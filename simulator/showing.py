"""The whole simulator as data for the page, and the little of it that is asked for often."""

from typing import Any

from simulator.switchboard import Switchboard


def snapshot(board: Switchboard, since: int) -> dict[str, Any]:
    """Return everything; exchanges only with an id above `since`.

    An exchange of kind "note" is no HTTP exchange: it carries a violation noticed later (method, url, body empty).
    Heard entries of kind "person" are words of another person on the line.
    """
    now = board.clock.now()
    return {
        "now": now.isoformat(),
        "phones": [phone.as_json() for phone in board.phones.values()],
        "clients": board.edge.as_json(),
        "numbers": [
            {"number": number.number, "friendly_name": number.friendly_name} for number in board.numbers.values()
        ],
        "legs": [leg.as_json() for leg in board.legs.values()],
        "exchanges": [exchange.as_json() for exchange in board.exchanges.since(since)],
        "recordings": [board.recorder.as_json(recording) for recording in board.recordings.values()],
        "conferences": [room.as_json() for room in board.conferences.live()],
        "queues": [queue.as_json(now) for queue in board.queues.all.values()],
        "messages": [message.as_json() for message in board.texting.messages.values()],
    }


def people(board: Switchboard) -> dict[str, Any]:
    """Return what people can know of their own live calls."""
    legs = [leg for leg in board.legs.values() if leg.live and leg.phone]
    return {
        "now": board.clock.now().isoformat(),
        "calls": [
            {
                "sid": leg.sid,
                "phone": leg.phone,
                "direction": leg.direction,
                "doing": leg.doing,
                "can": leg.can,
                "talking": bool(leg.listeners),
                "browser": bool(leg.rings_at),
            }
            for leg in legs
        ],
    }
