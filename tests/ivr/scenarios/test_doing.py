from ivr.kinds.known import KnownCaller
from ivr.scenarios import doing
from ivr.trial.conditions import HangUp, Press, QueueAs, RoomAs, Say, Speak, StaySilent, Wait
from ivr.trial.world import RoomOf
from tests.ivr.scenarios.factories import script, world


def test_what_the_caller_does_is_a_sentence():
    inputs = (Press("1"), StaySilent(), StaySilent(), Say("sales", 0.4), Wait(30), Speak(5, hangs_up=True), HangUp())

    assert doing.does(()) == "does nothing"
    assert doing.does(inputs) == (
        "presses 1, then stays silent (2 times), then says “sales” (understood to 40%), then waits 30 seconds,"
        " then leaves a message of 5 seconds and hangs up, then hangs up"
    )


def test_what_is_supposed_is_told_by_the_names_of_things():
    one = script(
        zone="Europe/Berlin",
        caller="",
        queues={"7": QueueAs(staffed=False), "8": QueueAs(answered_after=None)},
        openings={"1": "closed"},
        rung={"ring": "busy answered"},
        looked_up={"4": {"plan": "gold"}, "5": None},
        drawn={"menu": "Sales"},
        away={"bye": "failed"},
        rooms={"3": RoomAs(full=True, closed=True)},
        consent="ask",
        call_backs="refused",
        texts="refused",
    )
    around = world(sources={"4": "Orders"}, rooms={"3": RoomOf("Board room", 10)})

    assert list(doing.supposes(one.conditions, around)) == [
        "Tuesday, 3 March 2026 at 11:00 (Europe/Berlin)",
        "caller's number withheld",
        "queue “Sales team”: nobody is staffed",
        "queue “which is gone”: nobody takes the call",
        "opening hours “Office”: closed",
        "whoever “ring” rings: is busy, then is answered",
        "“Orders” answers plan gold",
        "no answer of “which is gone”",
        "chance in “menu”: Sales",
        "where “bye” sends the call: nobody can be reached",
        "room “Board room”: full",
        "room “Board room”: closed by its host",
        "callers are asked whether they may be recorded",
        "the caller may not be called back",
        "the caller may not be texted",
    ]


def test_who_calls_is_told_without_the_number():
    known = KnownCaller("0", name="Ann", is_vip=True, is_blocked=True)
    one = script(known=known)

    assert list(doing.supposes(one.conditions, world()))[1:] == ["caller known as Ann, VIP, blocked"]
    assert "5550" not in doing.caller(script(caller="+12015550123").conditions)
    assert doing.caller(script(caller="").conditions) == "withheld"
