from telephony.twiml import Reject
from tests.ivr.factories import END, ENGLISH, SPANISH, Walk, make_document, make_step, option

OTHER = make_document(
    {
        "menu": make_step("menu", prompts={"greeting": "other"}, options=[option("One", "1")], exits={"One": "bye"}),
        "bye": END,
    },
    flow=2,
)


def test_the_call_goes_on_in_the_other_flow():
    walk = Walk(make_document({"go": make_step("go_to", to_flow="2")}), flows={"2": OTHER})

    assert walk.document is OTHER
    assert (walk.position.flow, walk.step) == ("2", "menu")
    assert walk.said == ["other in English."]
    assert walk.press("1").ending == "completed"


def test_a_flow_that_is_not_published_is_left_by_its_exit():
    walk = Walk(
        make_document({"go": make_step("go_to", to_flow="2", exits={"unavailable": "no"}), "no": make_step("reject")})
    )

    assert walk.verbs == (Reject(),)


def test_without_that_exit_the_call_ends_as_failed():
    walk = Walk(make_document({"go": make_step("go_to", to_flow="2")}))

    assert walk.ending == "failed"
    assert walk.events("failed")[0]["what"] == "flow is not published"


def test_the_language_is_kept_where_the_other_flow_speaks_it():
    choice = make_step(
        "language",
        prompts={"greeting": "choose"},
        options=[option("Spanish", "2", language="es-US")],
        exits={"Spanish": "go"},
    )
    steps = {"choice": choice, "go": make_step("go_to", to_flow="2")}
    english = make_document(
        {"hi": make_step("menu", prompts={"greeting": "hi"}, options=[option("One", "1")])},
        flow=2,
        languages=(ENGLISH,),
    )
    both = make_document(
        {"hi": make_step("menu", prompts={"greeting": "hi"}, options=[option("One", "1")])},
        flow=2,
        languages=(ENGLISH, SPANISH),
    )

    assert Walk(make_document(steps), flows={"2": both}).press("2").said == ["hi in Spanish."]
    assert Walk(make_document(steps), flows={"2": english}).press("2").said == ["hi in English."]


def test_flows_that_lead_to_each_other_end_in_an_apology():
    flows = {str(flow): make_document({"go": make_step("go_to", to_flow=str(3 - flow))}, flow=flow) for flow in (1, 2)}

    walk = Walk(flows["1"], flows=flows)

    assert walk.ending == "failed"
    assert walk.events("failed")[0]["what"] == "too many steps"
