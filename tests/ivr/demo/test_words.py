"""What the demo company says is said somewhere, and each prompt in both languages."""

from ivr.demo import content, words


def test_every_prompt_is_said_by_a_step():
    said = {
        prompt
        for steps in content.FLOWS.values()
        for step in steps.values()
        for prompt in (*step.get("prompts", {}).values(), *(item[1] for item in step.get("wait", ())))
    }

    assert words.PROMPTS.keys() - {content.NEW_YEAR} <= said
    assert all(english and spanish for english, spanish in words.PROMPTS.values())
