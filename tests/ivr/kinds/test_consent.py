import pytest

from ivr.kinds.base import Consents, Keys
from ivr.kinds.requests import NoteConsent, Notice, Wording
from telephony.twiml import Gather, Redirect, Say
from tests.ivr.factories import URLS, Walk, make_document, make_step

ENGLISH, SPANISH = Wording("May we record? 1 or 2.", "en-US", 7), Wording("¿Grabamos?", "es-US", 8)
QUESTION = Notice(3, asks=True, wordings=(ENGLISH, SPANISH))
SECOND = Notice(5, asks=True, wordings=(Wording("May we keep it for a year?", "en-US", 9),))
TELLING = Notice(4, asks=False, wordings=(Wording("You are recorded.", "en-US", 6),))


def walk(*owed: Notice, refused: bool = False, queue: str = "") -> Walk:
    steps = {
        "ask": make_step("consent", exits={"agreed": "yes", "refused": "no"}, **({"queue": queue} if queue else {})),
        "yes": make_step("hang_up"),
        "no": make_step("message", exits={"next": "yes"}),
    }
    return Walk(make_document(steps), consents={f"talk:{queue}": Consents(owed, refused)})


def test_where_nothing_is_owed_the_caller_hears_nothing():
    assert walk().left_by == ["agreed"]
    assert walk(refused=True).left_by[0] == "refused"


def test_a_question_is_asked_by_key_and_leads_back_to_us_after_a_silence():
    asked = walk(QUESTION)

    said = Say("May we record? 1 or 2.", voice="Polly.Joanna-Neural", language="en-US")
    assert asked.verbs == (Gather(URLS.resume, (said,), timeout=6, num_digits=1), Redirect(URLS.resume))


@pytest.mark.parametrize(
    ("key", "answer", "way"), [("1", "agreed", "agreed"), ("2", "refused", "refused")], ids=["yes", "no"]
)
def test_the_key_is_the_answer(key, answer, way):
    asked = walk(QUESTION).press(key)

    assert asked.outcome.requests == (NoteConsent(3, ENGLISH, answer, key),)
    assert asked.left_by[0] == way


def test_without_an_answer_it_is_asked_once_more_and_then_counts_as_no():
    asked = walk(QUESTION).be_silent()
    assert asked.step == "ask"
    assert asked.outcome.requests == ()

    asked.press("9")

    assert asked.outcome.requests == (NoteConsent(3, ENGLISH, "silent", ""),)
    assert asked.left_by[0] == "refused"


def test_an_announcement_counts_once_twilio_has_come_back_from_it():
    told = walk(TELLING)
    said = Say("You are recorded.", voice="Polly.Joanna-Neural", language="en-US")
    assert told.verbs == (said, Redirect(URLS.resume))
    assert told.outcome.requests == ()

    told.be_silent()

    assert told.outcome.requests == (NoteConsent(4, TELLING.wordings[0], "told", ""),)
    assert told.left_by[0] == "agreed"


def test_several_policies_are_asked_one_after_the_other_and_one_no_is_a_no():
    asked = walk(QUESTION, SECOND).press("2")
    assert asked.outcome.requests == (NoteConsent(3, ENGLISH, "refused", "2"),)
    assert asked.step == "ask"

    asked.press("1")

    assert asked.outcome.requests == (NoteConsent(5, SECOND.wordings[0], "agreed", "1"),)
    assert asked.left_by[0] == "refused"


def test_what_was_answered_meanwhile_is_not_written_twice():
    asked = walk(QUESTION).hear(Keys("1"), consents={"talk:": Consents()})

    assert asked.outcome.requests == ()
    assert asked.left_by[0] == "agreed"


def test_the_policy_of_the_queue_that_is_named_is_asked():
    assert walk(QUESTION, queue="12").step == "ask"
    assert make_document({"ask": make_step("consent", queue="12")}).ahead("ask", arriving=True).consents == {"talk:12"}


def test_it_is_asked_in_the_callers_language():
    steps = {
        "language": make_step(
            "language",
            exits={"no_choice": "ask", "Spanish": "ask"},
            options=[{"exit": "Spanish", "keys": "2", "words": [], "language": "es-US"}],
        ),
        "ask": make_step("consent", exits={"agreed": "bye", "refused": "bye"}),
        "bye": make_step("hang_up"),
    }
    document = make_document(steps, languages=[["en-US", "Polly.Joanna-Neural"], ["es-US", "Polly.Lupe-Neural"]])
    asked = Walk(document, consents={"talk:": Consents((QUESTION,))}).press("2")

    assert asked.said == ["¿Grabamos?"]
    asked.press("1")
    assert asked.outcome.requests == (NoteConsent(3, SPANISH, "agreed", "1"),)
