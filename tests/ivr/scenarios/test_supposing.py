from ivr.scenarios.supposing import digits, otherwise, supposed, supposed_of, wrong_key
from ivr.trial.conditions import QueueAs
from tests.ivr.factories import END, make_document, make_step, option
from tests.ivr.scenarios.factories import office, script, world


def test_opening_hours_queues_and_rings_are_supposed_in_all_their_ways():
    document, now = world().document, script().conditions

    def states(step):
        return list(otherwise(document.steps[step], now, document))

    assert [one.openings["1"] for one in states("hours")] == ["open", "closed", "holiday"]
    assert [one.queues["7"] for one in states("line")] == [
        QueueAs(staffed=False),
        QueueAs(full=True),
        QueueAs(answered_after=None),
    ]
    assert {one.rung["ring"] for one in states("ring")} >= {"busy", "no-answer", "failed"}
    assert {one.consent for one in states("mail")} >= {"ask", "none"}
    assert states("bye") == []


def test_a_branch_by_number_called_is_called_at_each():
    document = make_document(
        {
            "first": make_step(
                "branch",
                settings={"by": "called"},
                options=[option("sales", "", "+15005550100")],
                exits={"sales": "end", "otherwise": "end"},
            ),
            "end": END,
        }
    )

    assert [one.number for one in otherwise(document.steps["first"], script().conditions, document)] == ["+15005550100"]


def test_what_is_supposed_is_compared():
    step = make_document(office()).steps["line"]
    one, other = script().conditions, script(queues={"7": QueueAs(full=True)}).conditions

    assert supposed(one) == supposed(script().conditions)
    assert supposed(one) != supposed(other)
    assert supposed_of(step, one) != supposed_of(step, other)


def test_as_few_digits_as_are_enough_are_keyed_in():
    document = make_document(
        {
            "ask": make_step(
                "collect", settings={"min_length": 4}, prompts={"question": "q"}, exits={"collected": "end"}
            ),
            "end": END,
        }
    )

    assert list(digits(document.steps["ask"], document)) == ["1111"]


def test_a_wrong_key_begins_no_option():
    assert wrong_key(["1", "20"]) == "0"
    assert wrong_key(["0", "9"]) == "8"
    assert wrong_key(list("0123456789*")) == ""
