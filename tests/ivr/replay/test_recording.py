"""A history as lines becomes steps with what happened in them."""

from ivr.kinds.base import Dialed, Keys, Silence, Speech
from ivr.replay.recording import Visit, read

TEXT = """began {"flow": "Main", "version": 3}
entered {"step": "1", "name": "Hello", "kind": "message", "flow": "9"}
heard {"text": "Hello.", "language": "en-US", "voice": "V"}
left {"step": "1", "exit": "next"}
entered {"step": "2", "name": "Menu", "kind": "menu", "flow": "9"}
heard {"audio": "abc"}
answered
pressed {"step": "2", "digits": "7"}
spoke {"step": "2", "text": "sales", "confidence": 0.4}
silent {"step": "2"}
heard {"text": "Again.", "language": "en-US", "voice": "V"}
left {"step": "2", "exit": "sales"}
entered {"step": "3", "name": "Line", "kind": "queue", "flow": "9"}
answered
queued {"queue": "Sales"}
unqueued {"queue": "Sales", "why": "talking"}
left {"step": "3", "exit": "answered"}
entered {"step": "4", "name": "Ring", "kind": "ring", "flow": "9"}
dialed {"step": "4", "status": "busy", "bridged": false}
ended {"reason": "caller hung up"}"""


def test_each_step_has_what_happened_in_it() -> None:
    moments = " ".join(str(100.5 + place) for place in range(len(TEXT.split("\n"))))

    found = read(Visit(TEXT, moments, waits=[42]))

    assert [(stay.step, stay.kind, stay.exit) for stay in found.stays] == [
        ("1", "message", "next"),
        ("2", "menu", "sales"),
        ("3", "queue", "answered"),
        ("4", "ring", ""),
    ]
    menu, queue, ring = found.stays[1:]
    assert [given.heard for given in menu.inputs] == [Keys("7"), Speech("sales", 0.4), Silence()]
    assert (menu.entered, menu.inputs[0].at) == (104.5, 107.5)
    assert (queue.queued, queue.talked, queue.waited) == (True, True, 42)
    assert ring.inputs[0].heard == Dialed("busy", bridged=False)
    assert (found.version, found.gave_up) == (3, True)


def test_the_last_answer_is_what_the_caller_heard_last() -> None:
    assert read(Visit(TEXT)).last_said == ["Again.\ten-US\tV"]
    first = TEXT.split("pressed", maxsplit=1)[0].strip()
    assert read(Visit(first)).last_said == ["Hello.\ten-US\tV", "audio abc"]


def test_a_history_that_was_deleted_has_no_steps() -> None:
    assert read(Visit("")).stays == []
