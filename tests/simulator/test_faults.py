"""Misbehavior on request: forced for one request, or by probability with a seed."""

import pytest

from simulator.simulator import Faults
from tests.simulator.world import ANN, statuses, world

ALL = "initiated ringing answered completed"


def dialled(faults: Faults, seed: int = 0):
    """A short call to Ann with all of her leg's callbacks."""
    w = world(faults=faults, seed=seed)
    w.phone(ANN, "answers")
    w.call(f"<Dial timeLimit='3'><Number statusCallback='/child' statusCallbackEvent='{ALL}'>{ANN}</Number></Dial>")
    w.sim.advance(60)
    return w


def sequence(w) -> list[str]:
    return [fields["SequenceNumber"] for fields in w.app.asked("/child")]


def test_without_faults_callbacks_come_once_and_in_order():
    assert sequence(dialled(Faults())) == ["0", "1", "2", "3"]


def test_a_dropped_callback_never_comes_but_is_on_record():
    faults = Faults()
    faults.force("drop", path="/child", times=2)
    w = dialled(faults)

    assert sequence(w) == ["2", "3"]
    dropped = [exchange for exchange in w.sim.exchanges if exchange.violations]
    assert [exchange.fields["SequenceNumber"] for exchange in dropped] == ["0", "1"]


def test_a_duplicated_callback_comes_twice():
    faults = Faults()
    faults.force("duplicate", path="/child")

    assert sorted(sequence(dialled(faults))) == ["0", "0", "1", "2", "3"]


def test_a_reordered_callback_comes_after_the_next_one():
    faults = Faults()
    faults.force("reorder", path="/child")

    assert sequence(dialled(faults)) == ["1", "0", "2", "3"]


def test_a_reordered_last_callback_still_comes():
    faults = Faults()
    faults.force("reorder", path="/status")
    w = dialled(faults)

    assert statuses(w.app.asked("/status")) == ["completed"]


def test_a_delayed_callback_comes_later():
    faults = Faults(delay_seconds=40)
    faults.force("delay", path="/child")
    w = dialled(faults)

    assert sorted(sequence(w)) == ["0", "1", "2", "3"]
    assert sequence(w)[0] != "0"


def test_a_repeated_request_has_the_same_token_and_the_second_answer_counts():
    faults = Faults()
    faults.force("repeat", path="/voice")
    w = world(faults=faults)
    w.page("/voice", "<Say>First</Say>", "<Say>Second</Say>")
    leg = w.call()
    w.sim.run_until_idle()

    one, other = w.app.requests[:2]
    assert one.headers["I-Twilio-Idempotency-Token"] == other.headers["I-Twilio-Idempotency-Token"]
    assert one.body == other.body
    assert leg.heard_text == "Second"


def test_a_seed_repeats_a_run():
    def run(seed: int) -> list[str]:
        return sequence(dialled(Faults(duplicate=0.5, drop=0.3, reorder=0.3), seed))

    assert run(7) == run(7)
    assert len({tuple(run(seed)) for seed in range(10)}) > 3


@pytest.mark.parametrize(("times", "expected"), [(1, 1), (3, 3)])
def test_a_script_ends_after_its_times(times, expected):
    faults = Faults()
    faults.force("drop", path="/child", times=times)
    w = dialled(faults)

    assert len(w.app.asked("/child")) == 4 - expected
    assert faults.script == []


def test_faults_of_a_seed_can_be_had_again():
    w = world(faults=Faults(drop=0.5), seed=3)

    def befallen():
        w.sim.reseed_faults(11)
        return [w.sim.faults.for_callback("POST", "/status", w.sim._fault_dice) for _ in range(20)]

    assert befallen() == befallen()
