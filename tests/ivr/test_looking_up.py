import json

import pytest

from ivr.looking_up import Known, Question, Wrong, answer

KEEP = ("name", "tier")


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"{}", {}),
        (b'{"name": "Ann"}', {"name": "Ann"}),
        (b'{"name": " Ann \\n Adams ", "more": [1]}', {"name": "Ann Adams"}),
        ('{"name": "Zoë", "tier": ""}'.encode(), {"name": "Zoë", "tier": ""}),
    ],
)
def test_the_texts_that_are_kept(body: bytes, kept: dict[str, str]) -> None:
    assert answer(200, body, keep=KEEP) == kept


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((404, b"{}"), (500, b"{}"), (302, b"{}"), (200, b""), (200, b"[]"), (200, b'"Ann"'), (200, b"\xff")),
        *((200, b'{"name": null}'), (200, b'{"name": 1}'), (200, b'{"name": {"a": "b"}}')),
        (200, json.dumps({"name": "a" * 201}).encode()),
        (200, json.dumps({"name": "a\0b"}).encode()),
        (200, json.dumps({"name": "a", "b": "x" * 9000}).encode()),
        (200, b"[" * 8000),
    ],
)
def test_what_is_no_answer(status: int, body: bytes) -> None:
    with pytest.raises(Wrong) as wrong:
        answer(status, body, keep=KEEP)

    assert str(wrong.value).endswith(".")


def test_a_question_is_json_that_names_its_type() -> None:
    known = Known("c1", "Zoë", {"CRM": "4711"})
    question = Question("q1", "2026-03-02T15:00:00+00:00", "Ask", "k1", "v1", "+14155550123", "+15005550100", "en-US",
                        known, {"account": "5"})  # fmt: skip

    told = json.loads(question.body())

    assert told["type"] == "look_up"
    assert told["contact"] == {"id": "c1", "name": "Zoë", "external_ids": {"CRM": "4711"}}
    assert told["variables"] == {"account": "5"}
