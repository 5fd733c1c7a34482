import pytest

from ivr.document import parse
from ivr.drafting.drafts import compile_draft
from ivr.models import Audio, Exit, Flow, Prompt, Wording
from tests.ivr import rows
from tests.ivr.rows import AT
from tests.scenarios import flows

pytestmark = pytest.mark.django_db


def test_steps_prompts_and_references_go_by_their_keys() -> None:
    flow = rows.simple_flow()
    greeting = flow.steps.get(name="Greeting")
    end = flow.steps.get(name="The end")

    document = compile_draft(flow)

    assert document["first"] == str(greeting.pk)
    assert document["languages"] == [["en-US", "Polly.Joanna-Neural"]]
    step = document["steps"][str(greeting.pk)]
    assert step["exits"] == {"next": str(end.pk)}
    assert document["prompts"][step["prompts"]["message"]]["wordings"]["en-US"]["text"] == "Hello."
    assert parse(document).flow_name == "Main"


def test_options_keep_their_order_keys_words_and_language() -> None:
    choices = {
        "Spanish": flows.Choice("Bye", "2", ("español", "spanish"), "es-US"),
        "English": flows.Choice("Bye", "1", (), "en-US"),
    }
    steps = {"Language": flows.language("Choose.", choices, no_choice="Bye"), "Bye": flows.hang_up()}
    flow = flows.draft("Main", steps)

    options = compile_draft(flow)["steps"][str(flow.first_id)]["options"]

    assert options == [
        {"exit": "Spanish", "keys": "2", "words": ["español", "spanish"], "language": "es-US"},
        {"exit": "English", "keys": "1", "words": [], "language": "en-US"},
    ]


def test_exits_without_a_target_are_left_out() -> None:
    flow = rows.flow()
    step = rows.step(flow, "Greeting", "message")
    Exit.objects.create(step=step, name="next")

    assert compile_draft(flow)["steps"][str(step.pk)]["exits"] == {}


def test_a_sound_goes_by_its_hash() -> None:
    flow = rows.simple_flow()
    sound = Audio.objects.create(sha256="ab" * 32, name="Chime", seconds=1, uploaded_at=AT)
    Wording.objects.update(audio=sound, text="")

    (prompt,) = compile_draft(flow)["prompts"].values()

    assert prompt["wordings"]["en-US"] == {"text": "", "voice": "", "audio": "ab" * 32}


def test_only_what_the_flow_says_is_in_it() -> None:
    flow = rows.simple_flow()
    rows.prompt("Said elsewhere")

    assert len(compile_draft(flow)["prompts"]) == 1
    assert Prompt.objects.count() == 2


def test_an_empty_draft_is_a_document_too() -> None:
    document = compile_draft(Flow.objects.create(name="Empty"))

    assert (document["first"], document["steps"], document["prompts"]) == ("", {}, {})


def test_the_number_of_queries_does_not_grow_with_the_draft(django_assert_max_num_queries: object) -> None:
    steps = {f"Step {n}": flows.message(f"Hello {n}.", then=f"Step {n + 1}") for n in range(40)}
    flow = flows.draft("Main", steps | {"Step 40": flows.hang_up("Goodbye.")})

    with django_assert_max_num_queries(8):  # type: ignore[operator]  # a fixture's
        compile_draft(flow)
