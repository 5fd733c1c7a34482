"""The words of the demo company hang together; read without a database."""

import pytest

from ivr.demo import content
from ivr.kinds import KINDS
from ivr.prompts import ssml, voices
from telephony import numbers

STEPS = [(flow, name, step) for flow, steps in content.FLOWS.items() for name, step in steps.items()]


@pytest.mark.parametrize(("flow", "name", "step"), STEPS, ids=[f"{flow}: {name}" for flow, name, _step in STEPS])
def test_a_step_names_what_there_is_and_leaves_no_way_out_open(flow, name, step):
    kind = KINDS[step["kind"]]
    exits, prompts = step.get("exits", {}), step.get("prompts", {})
    options = step.get("options", {})

    assert {row.name for row in kind.EXITS if row.required} <= exits.keys() <= {row.name for row in kind.EXITS}
    assert {*exits.values(), *(option[2] for option in options.values())} <= content.FLOWS[flow].keys()
    assert {role.name for role in kind.PROMPTS if role.required} <= prompts.keys()
    assert set(prompts.values()) <= {*content.PROMPTS, content.CHIME}
    assert step.get("settings", {}).keys() <= kind.settings().keys()
    assert bool(options) is kind.HAS_OPTIONS
    assert (kind.TAKES in step) is bool(kind.TAKES)
    assert ("wait" in step) is kind.HAS_WAIT
    assert {prompt for _kind, prompt in step.get("wait", ())} - {""} <= content.PROMPTS.keys()


@pytest.mark.parametrize("name", content.PROMPTS)
def test_a_prompt_is_written_in_each_language_in_marks_that_its_voice_knows(name):
    for (_language, voice), text in zip(content.LANGUAGES, content.PROMPTS[name], strict=True):
        assert ssml.check(text, voices.tags(voice)) == ()
        assert len(text) <= voices.limit(voice)


def test_each_voice_speaks_its_language():
    assert all(voice in voices.voices(language) for language, voice in content.LANGUAGES)


def test_no_number_of_the_demo_can_belong_to_anybody():
    rung = [*(address for address, _name in content.PHONES), content.MAIN_NUMBER, content.SERVICE_NUMBER]

    assert all(number.startswith("+1500555") and numbers.parse(number, country="") == number for number in rung)
