"""Any document with any caller: every leg ends once, its news is complete, and nothing breaks."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.simulator import Faults, HttpReply, SimulatorError
from tests.simulator.world import ANN, BOB, COMPANY, world

ALL = "initiated ringing answered completed"
NUMBERS = st.sampled_from([ANN, BOB, "+14155550101", "+14155550177"])


def attributes(**values):
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(some) for name, some in values.items()})


NOTHING = st.just("")


def verb(name, inside=NOTHING, **values):
    def written(parts):
        given, text = parts
        return f"<{name} {' '.join(f'{key}={value!r}' for key, value in given.items())}>{text}</{name}>"

    return st.tuples(attributes(**values), inside).map(written)


SAY = verb("Say", st.sampled_from(["Hello", "x" * 200]), loop=["1", "2"])
PAUSE = verb("Pause", length=["0", "1", "20"])
PLAY = verb("Play", st.sampled_from(["/sound", "/broken"]))
GATHER = verb(
    "Gather",
    st.lists(SAY | PAUSE | PLAY, max_size=2).map("".join),
    input=["dtmf", "speech", "dtmf speech"],
    numDigits=["1", "3"],
    finishOnKey=["", "*"],
    action=["/a", "/b", "/broken"],
    timeout=["0", "1", "9"],
    actionOnEmptyResult=["true"],
    bargeIn=["false"],
)
RECORD = verb("Record", timeout=["0", "2"], maxLength=["1", "30"], action=["/a", "/b"], finishOnKey=["", "#"])
NOUN = NUMBERS.flatmap(
    lambda number: st.sampled_from(
        [
            f"<Number statusCallback='/child' statusCallbackEvent='{ALL}' url='/whisper'>{number}</Number>",
            f"<Number statusCallback='/child' statusCallbackEvent='{ALL}'>{number}</Number>",
        ]
    )
)
DIAL = verb(
    "Dial",
    st.lists(NOUN, max_size=3).map("".join),
    action=["/a", "/b"],
    sequential=["true"],
    timeout=["5", "20"],
    timeLimit=["3"],
    answerOnBridge=["true"],
    hangupOnStar=["true"],
    record=["record-from-answer-dual", "record-from-ringing"],
)
END = st.sampled_from(["<Hangup/>", "<Reject/>", "<Redirect>/a</Redirect>", "<Enqueue>q</Enqueue>"])
PAGE = st.lists(SAY | PAUSE | PLAY | GATHER | RECORD | DIAL | END, max_size=4).map("".join)
DEED = st.one_of(
    st.tuples(st.just("advance"), st.sampled_from([0, 0.3, 2, 7])),
    st.tuples(st.just("press"), st.sampled_from(["1", "12#", "*", "1w2"])),
    st.tuples(st.just("speak"), st.just("I would like to speak to somebody")),
    st.tuples(st.sampled_from(["answer", "decline", "hang_up"]), st.none()),
)


@given(
    pages=st.fixed_dictionaries(dict.fromkeys(("/voice", "/a", "/b", "/whisper", "/second"), PAGE)),
    habits=st.tuples(*[st.sampled_from(["asks", "answers", "busy", "ignores", "unreachable", "declines"])] * 2),
    deeds=st.lists(st.tuples(DEED, st.integers(0, 5)), max_size=12),
    repeat=st.booleans(),
)
def test_every_leg_ends_once_and_tells_it(pages, habits, deeds, repeat):
    w = world(faults=Faults(repeat=0.3 if repeat else 0))
    for path, verbs in pages.items():
        # A second of silence first, so that pages which ask for each other do not stop time.
        w.page(path, f"<Pause/>{verbs}")
    w.app.pages["/sound"] = HttpReply(200, (("Content-Type", "audio/mpeg"),), b"x" * 9000)
    w.app.pages["/broken"] = HttpReply(500)
    w.sim.add_number("+14155550101", voice_url="https://app.example.com/second")
    for address, habit in zip((ANN, BOB), habits, strict=True):
        w.phone(address, habit)
    w.call()

    for (deed, detail), which in deeds:
        do(w, deed, detail, which)
    for leg in w.sim.legs():
        if "hang_up" in leg.can:
            w.sim.hang_up(leg.sid)
    w.sim.advance(1000)

    legs = w.sim.legs()
    assert [leg.sid for leg in legs if leg.live or leg.bridged] == []
    assert all(leg.process is None or not leg.process.running for leg in legs)
    for leg in legs:
        told = [fields for fields in w.app.asked("/child") if fields["CallSid"] == leg.sid]
        assert [int(fields["SequenceNumber"]) for fields in told] == list(range(len(told)))
        if told:
            assert told[-1]["CallStatus"] == leg.status
        ends = [fields for fields in w.app.asked("/status") if fields["CallSid"] == leg.sid]
        assert len(ends) == (1 if leg.to == COMPANY else 0)
    assert {recording.status for recording in w.sim.recordings} <= {"completed", "absent"}


def do(w, deed: str, detail, which: int) -> None:
    if deed == "advance":
        w.sim.advance(detail)
        return
    legs = w.sim.legs()
    leg = legs[which % len(legs)]
    try:
        getattr(w.sim, deed)(leg.sid, *([detail] if detail else []))
    except SimulatorError:
        assert deed not in leg.can
