"""Random callers on random documents: whatever is heard, an answer comes, and every call waits or ends."""

import json
from datetime import UTC
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivr import engine
from ivr.document import parse
from ivr.hours.opening import Opening
from ivr.kinds import KINDS
from ivr.kinds.base import Asked as Answered
from ivr.kinds.base import (
    Dialed,
    Keys,
    Place,
    Queued,
    QueueStatus,
    Recorded,
    Silence,
    Speech,
    Told,
)
from ivr.kinds.branch import Branch
from ivr.kinds.known import KnownCaller
from ivr.kinds.queue import Queue
from ivr.kinds.requests import EnterRoom
from ivr.kinds.set_values import SetValues
from ivr.kinds.settings import Setting
from ivr.kinds.share import Share
from ivr.kinds.wait_items import ITEM_KINDS
from ivr.problems import Knowledge, problems
from queues.states import EntryState
from telephony.twiml import Dial, Enqueue, Gather, Hangup, Leave, Record, Redirect, Reject, render
from tests.ivr.factories import ENGLISH, SPANISH, URLS, Walk, make_json, wordings
from tests.telephony.schema import violations

KEYS = ["1", "2", "12", "#", "*9", "777"]
WORDS = ["sales", "buy something", "Español", "営業"]
TEXTS = ["Hello.", "Tom & Jerry < 3", 'Hi<break time="1s"/>', "One sentence of many. " * 300, "Grüß Gott. " * 400]
TARGETS = ["+15005550100", "client:ann", "sip:desk@company.example"]
VALUES = ["is: 12", "is not: 1", "contains: 7", "begins with: 1", "at least: 5", "at most: 2", "empty"]
TIMES = ["days: Monday", "time: 09:00 to 17:00", "time: 22:00 to 06:00", "dates: 2026-12-24 to"]
CALLED = ["+15005550199", "sip:desk@company.example"]
SETTING = ["digits = 1", "name = {digits} {name}", "caller_name = <b>&"]
SECRET = "86420"


def a_setting(setting: Setting) -> st.SearchStrategy[Any]:
    if setting.kind is tuple:
        return st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3)
    if setting.choices:
        return st.sampled_from([value for value, _ in setting.choices])
    if setting.kind is bool:
        return st.booleans()
    if setting.kind is int:
        return st.integers(int(setting.minimum or 0), min(int(setting.maximum or 9), 9))
    if setting.kind is float:
        return st.floats(setting.minimum, setting.maximum)
    return st.just(setting.default)


def ways_by_value(settings: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    lines = {"time": TIMES, "called": CALLED, "country": ["DE", "withheld"]}.get(settings.get("by", ""), VALUES)
    settings["variable"] = "digits"
    words = st.lists(st.sampled_from(lines), min_size=1, max_size=3, unique=True)
    return words.map(lambda some: [{"exit": f"way {number}", "words": [line]} for number, line in enumerate(some)])


def shares(_settings: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.sampled_from([1, 30, 50]).map(
        lambda part: [{"exit": "a", "words": [f"{part} %"]}, {"exit": "b", "words": [f"{100 - part} %"]}]
    )


BY_VALUE = {Branch: ways_by_value, Share: shares}


an_item = st.sampled_from([*sorted(ITEM_KINDS)]).map(
    lambda kind: {"kind": kind, "prompt": "" if kind == "pause" else "prompt 0", "seconds": 9}
)


@st.composite
def a_step(draw: st.DrawFn, kind: str, targets: st.SearchStrategy[str], languages: list[str]) -> dict[str, Any]:
    step = KINDS[kind]
    found: dict[str, Any] = {
        "kind": kind,
        "name": draw(st.sampled_from(["Desk", "Night", "Menu"])),
        "settings": {
            name: draw(a_setting(setting))
            for name, setting in step.settings().items()
            if draw(st.booleans()) or name == "targets"
        },
        "prompts": {
            role.name: f"prompt {draw(st.integers(0, 4))}"
            for role in step.PROMPTS
            if role.required or draw(st.booleans())
        },
        "options": [],
    }
    if step.HAS_OPTIONS:
        keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
        words = draw(st.lists(st.sampled_from(WORDS), max_size=2, unique=True))
        found["options"] = [
            {"exit": f"option {key}", "keys": key, "language": draw(st.sampled_from(languages))} for key in keys
        ]
        found["options"][0]["words"] = words
    if step in BY_VALUE:
        found["options"] = draw(BY_VALUE[step](found["settings"]))
    if step is SetValues:
        found["settings"]["values"] = draw(st.lists(st.sampled_from(SETTING), max_size=3))
    if step.HAS_WAIT:
        found["wait"] = draw(st.lists(an_item, min_size=1, max_size=4))
    if step.TAKES:
        found[step.TAKES] = draw(st.sampled_from(["1", "2", "3"]))
    names = [row.name for row in step.EXITS] + [row["exit"] for row in found["options"]]
    found["exits"] = {name: draw(targets) for name in names}
    return found


@st.composite
def a_document(draw: st.DrawFn, flow: int) -> dict[str, Any]:
    languages = draw(st.sampled_from([[ENGLISH], [ENGLISH, SPANISH], [SPANISH, ENGLISH]]))
    count = draw(st.integers(1, 7))
    steps: dict[str, Any] = {"end": {"kind": "hang_up", "settings": {"reason": "other"}}}
    for number in reversed(range(count)):
        kind = draw(st.sampled_from(sorted(KINDS)))
        # mostly forward, or nearly every document would have a loop
        forward = st.sampled_from(list(steps))
        anywhere = forward | st.sampled_from([str(other) for other in range(count)])
        targets = anywhere if draw(st.integers(0, 3)) == 0 else forward
        steps[str(number)] = draw(a_step(kind, targets, [language for language, _ in languages]))
    texts = {
        f"prompt {number}": wordings(draw(st.sampled_from(TEXTS)), draw(st.sampled_from(TEXTS))) for number in range(5)
    }
    return make_json(steps, texts=texts, languages=tuple(languages), first="0", flow=flow)


heard = st.one_of(
    st.builds(Keys, st.sampled_from([*KEYS, SECRET, "", "3"])),
    st.builds(Speech, st.sampled_from([*WORDS, "yes", "no", "", "weather"]), st.none() | st.floats(0, 1)),
    st.builds(Silence),
    st.builds(
        Dialed,
        st.sampled_from(["completed", "busy", "no-answer", "failed", "canceled", "odd"]),
        st.sampled_from([None, True, False]),
    ),
    st.builds(Queued, st.sampled_from(["leave", "redirected", "hangup", "queue-full", "error", "odd"])),
    st.builds(Recorded, st.sampled_from(["", "RE1"]), st.integers(0, 20), st.booleans()),
)
openings = st.dictionaries(
    st.sampled_from(["1", "2"]), st.builds(Opening, st.sampled_from(["open", "closed", "holiday"]))
)

places = st.none() | st.builds(
    Place,
    st.sampled_from(list(EntryState)),
    st.sampled_from(["1", "2"]),
    st.floats(0, 4000),
    st.sampled_from(["", "queue:2", "step:1:0", "step:2:end", "step:9:9", "step:"]),
)
tolds = st.builds(Told, st.none() | st.integers(1, 9), st.none() | st.tuples(st.integers(0, 5), st.integers(6, 9)))
worlds = st.fixed_dictionaries(
    {
        "openings": openings,
        "queues": st.dictionaries(st.sampled_from(["1", "2"]), st.builds(QueueStatus, st.booleans(), st.booleans())),
        "place": places,
        "told": tolds,
        "now": st.none() | st.datetimes(timezones=st.just(UTC)),
        "called": st.sampled_from(["", *CALLED]),
        "seed": st.text(max_size=3),
        "admitted": st.sampled_from(["", "host", "guest"]),
        "meeting": st.booleans(),
        "known": st.none()
        | st.builds(
            KnownCaller,
            st.just("1"),
            st.sampled_from(["", "<b>&"]),
            st.sampled_from(["", "en-US", "es-US", "odd"]),
            st.booleans(),
            st.booleans(),
        ),
        "asked": st.none()
        | st.builds(
            Answered, st.none() | st.dictionaries(st.sampled_from(["digits", "name"]), st.just("<b>&")), st.booleans()
        ),
    }
)


def check_answer(walk: Walk) -> None:
    document = render(walk.verbs)
    assert violations(document) == []
    if walk.ending:
        assert isinstance(walk.verbs[-1], Hangup | Reject)
        assert walk.step == ""
        assert walk.outcome.events[-1] == ("ended", {"reason": walk.ending})
    else:
        if any(isinstance(request, EnterRoom) for request in walk.outcome.requests):
            assert walk.verbs == (), "the request brings its own"
            return
        assert isinstance(walk.verbs[-1], Redirect | Dial | Record | Enqueue)
        assert not isinstance(walk.verbs[-1], Dial | Record | Enqueue) or walk.verbs[-1].action
        assert walk.step in walk.document.steps
    # nothing may follow what takes the call over
    assert not any(isinstance(verb, Dial | Record | Enqueue | Redirect | Hangup | Reject) for verb in walk.verbs[:-1])
    assert not any(isinstance(verb, Gather) for verb in walk.verbs[:-2])
    assert not any(isinstance(verb, Reject) for verb in walk.verbs[1:])


def flows_of(data: st.DataObject) -> dict[str, Any]:
    return {str(flow): parse(data.draw(a_document(flow), label=f"flow {flow}")) for flow in (1, 2)}


@settings(max_examples=120)
@given(st.data())
def test_every_answer_to_anybody_is_valid_and_lets_the_call_wait_or_end(data):
    flows = flows_of(data)
    walk = Walk(flows["1"], flows=flows, own_number="+15005550199", **data.draw(worlds))
    check_answer(walk)

    for one in data.draw(st.lists(heard, max_size=25)):
        secret = walk.step != "" and walk.document.steps[walk.step].hides_input
        before = walk.position
        if isinstance(walk.document.steps.get(walk.step), Queue):
            waiting = walk.wait(data.draw(st.integers(0, 99)), one)
            assert waiting.verbs
            assert isinstance(waiting.verbs[-1], Redirect | Leave)
        walk.hear(one, **data.draw(worlds))
        check_answer(walk)
        if secret:
            assert SECRET not in json.dumps(walk.outcome.events)
            assert walk.position.variables == before.variables


@settings(max_examples=120)
@given(st.data())
def test_a_silent_caller_of_a_good_flow_comes_to_an_end_without_a_failure(data):
    document = parse(data.draw(a_document(1)))
    told = problems(document, knowledge=Knowledge())
    assume(not any(problem.severity == "error" for problem in told))
    # other flows may not be good, and are not there
    walk = Walk(document, openings=data.draw(openings))

    silences = 0
    while not walk.ending:
        silences += 1
        assert silences < 1000
        walk.be_silent()

    assert [row for row in walk.events("failed") if row["what"] != "flow is not published"] == []


@settings(max_examples=120)
@given(st.data())
def test_a_good_flow_fails_nobody(data):
    document = parse(data.draw(a_document(1)))
    assume(not any(problem.severity == "error" for problem in problems(document, knowledge=Knowledge())))
    walk = Walk(document, **data.draw(worlds))

    for one in data.draw(st.lists(heard, max_size=25)):
        walk.hear(one, **data.draw(worlds))
        assert [row for row in walk.events("failed") if row["what"] != "flow is not published"] == []


@given(st.data(), st.lists(heard, max_size=6))
@settings(max_examples=100)
def test_what_lies_ahead_is_all_that_is_asked_for(data, heard_before):
    document = parse(data.draw(a_document(1)))
    walk = Walk(document)
    for one in heard_before:
        walk.hear(one)
    ahead = document.ahead(walk.step if walk.step else document.first)
    asked = Asked()

    one = data.draw(heard)
    facts = engine.Facts(openings=asked.schedules, flows=asked.flows, queues=asked.queues)
    engine.step(document, walk.position, one, facts=facts, urls=URLS)

    assert asked.schedules.asked <= ahead.schedules
    assert asked.flows.asked <= ahead.flows
    assert asked.queues.asked <= ahead.queues


class _Asked(dict[str, Any]):
    """Holds nothing, and knows what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return default


class Asked:
    def __init__(self) -> None:
        self.schedules = _Asked()
        self.flows = _Asked()
        self.queues = _Asked()
