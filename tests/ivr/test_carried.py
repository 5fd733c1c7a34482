from ivr.carried import Carried, concluded, room_full
from ivr.engine import Outcome, Position
from ivr.kinds.requests import EnterRoom
from ivr.trial.world import World
from telephony.twiml import Hangup, Pause, Redirect
from tests.ivr.factories import END, make_document

OUTCOME = Outcome(
    Position("1", "1", "en-US"), World(make_document({"1": END})).document, (Pause(1),), (), (), "", owners=(1,)
)


def test_what_came_of_requests_stands_at_the_end_of_the_answer_and_in_the_position() -> None:
    verbs, position = concluded(OUTCOME, Carried((Hangup(),), "full"))

    assert verbs == (Pause(1), Hangup())
    assert position.progress.noted == "full"


def test_nothing_noted_leaves_the_position_as_it_is() -> None:
    assert concluded(OUTCOME, Carried()) == ((Pause(1),), OUTCOME.position)


def test_who_finds_a_room_full_is_led_on() -> None:
    assert room_full(EnterRoom("1", host=False, onward="https://example.com/2")) == (
        (Redirect("https://example.com/2"),),
        "full",
    )
