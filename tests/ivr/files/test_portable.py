"""A flow as a file: what stands in it, that it says the same again, and each fault with its place."""

import json
from copy import deepcopy

import pytest

from ivr.files import portable
from ivr.files.portable import Unreadable
from ivr.problems import Knowledge, problems

DOCUMENT = {
    "format": 1,
    "flow": {"id": 7, "name": "Main"},
    "languages": [["en-US", "Polly.Joanna-Neural"]],
    "first": "3",
    "prompts": {
        "1": {"name": "Hello", "wordings": {"en-US": {"text": "Hello.", "voice": "", "audio": ""}}},
        "2": {"name": "Chime", "wordings": {"en-US": {"text": "", "voice": "", "audio": "ab12"}}},
    },
    "steps": {
        "3": {
            "kind": "menu",
            "name": "Greeting",
            "settings": {"timeout": 4},
            "prompts": {"greeting": "1"},
            "exits": {"no_input": "5", "wrong_input": "5", "Sales": "4"},
            "options": [{"exit": "Sales", "keys": "1", "words": ["sales"], "language": ""}],
        },
        "4": {
            "kind": "queue",
            "name": "Line",
            "settings": {},
            "prompts": {},
            "exits": {"answered": "5", "timed_out": "5", "full": "5", "unstaffed": "5"},
            "options": [],
            "wait": [
                {"kind": "message", "prompt": "2", "seconds": 10},
                {"kind": "pause", "prompt": "", "seconds": 5},
            ],
            "queue": "12",
        },
        "5": {"kind": "hang_up", "name": "End", "settings": {}, "prompts": {}, "exits": {}, "options": []},
    },
}
FILE = {
    "format": 1,
    "flow": {"name": "Main", "description": "What callers meet."},
    "languages": [{"language": "en-US", "voice": "Polly.Joanna-Neural"}],
    "first": "Greeting",
    "prompts": {
        "Hello": {"en-US": {"text": "Hello."}},
        "Chime": {"en-US": {"audio": {"sha256": "ab12", "name": "A chime"}}},
    },
    "steps": {
        "Greeting": {
            "kind": "menu",
            "settings": {"timeout": 4},
            "prompts": {"greeting": "Hello"},
            "exits": {"no_input": "End", "wrong_input": "End", "Sales": "Line"},
            "options": [{"exit": "Sales", "keys": "1", "words": ["sales"]}],
        },
        "Line": {
            "kind": "queue",
            "exits": {"answered": "End", "timed_out": "End", "full": "End", "unstaffed": "End"},
            "wait": [{"kind": "message", "prompt": "Chime"}, {"kind": "pause", "seconds": 5}],
            "queue": "Sales",
        },
        "End": {"kind": "hang_up"},
    },
}


def written(document=DOCUMENT):
    return portable.written(
        document,
        description="What callers meet.",
        names={("queue", "12"): "Sales"},
        sounds={"ab12": "A chime"},
    )


def changed(**parts):
    file = deepcopy(FILE)
    for where, value in parts.items():
        *path, last = where.split("__")
        place = file
        for name in path:
            place = place[name]
        place[last] = value
    return file


def faults(data):
    with pytest.raises(Unreadable) as refused:
        portable.read(data)
    return [fault.field for fault in refused.value.faults]


def test_a_file_names_everything_and_has_nothing_empty():
    assert written() == FILE


def test_a_file_is_the_same_text_whatever_the_order_of_its_rows():
    again = dict(reversed(list(DOCUMENT["steps"].items())))

    assert portable.text(written(DOCUMENT | {"steps": again})) == portable.text(FILE)
    assert portable.text(FILE).endswith("}\n")
    assert json.loads(portable.text(FILE)) == FILE


def test_what_a_file_says_can_be_checked_like_any_document():
    document = portable.read(FILE).document

    assert document.steps["Greeting"].exits["Sales"] == "Line"
    assert [one for one in problems(document, knowledge=Knowledge()) if one.severity == "error"] == []


def test_what_a_file_refers_to_is_found_by_its_names():
    file = portable.read(FILE)

    assert file.references("queue") == {"Line": "Sales"}
    assert [(sound.sha256, sound.prompt, sound.language) for sound in file.sounds] == [("ab12", "Chime", "en-US")]


def test_what_is_gone_is_left_out_of_the_file():
    file = portable.written(DOCUMENT, description="", names={}, sounds={})

    assert "queue" not in file["steps"]["Line"] or file["steps"]["Line"]["queue"] == ""
    assert file["prompts"]["Chime"]["en-US"]["audio"]["sha256"] == "ab12"


def test_the_fingerprint_changes_with_any_word():
    assert portable.fingerprint(FILE) == portable.fingerprint(deepcopy(FILE))
    assert portable.fingerprint(FILE) != portable.fingerprint(changed(prompts__Hello={"en-US": {"text": "Hi."}}))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], ""),
        (changed(format=9), "format"),
        (changed(more=1), "more"),
        (changed(flow={"name": " "}), "flow.name"),
        (changed(flow={"name": "Main", "description": 3}), "flow.description"),
        (changed(first=["Greeting"]), "first"),
        (changed(first="Nowhere"), "steps"),
        (changed(languages=[["en-US", "man"]]), "languages"),
        (changed(languages=FILE["languages"] * 2), "languages"),
        (changed(prompts=[]), "prompts"),
        (changed(prompts__Hello={"en-US": {}}), "prompts.Hello.en-US"),
        (changed(prompts__Hello={"en-US": {"text": "Hello.", "pitch": "low"}}), "prompts.Hello.en-US"),
        (changed(prompts__Hello={"en-US": {"audio": {"name": "A chime"}}}), "prompts.Hello.en-US.audio"),
        (changed(prompts__Hello={"en-US": {"text": "Good\0day."}}), ""),
        (changed(prompts__Hello={"en-US": {"text": "Good\ud800day."}}), ""),
        (changed(steps__End={"kind": "fax"}), "steps"),
        (changed(steps__End={"kind": "hang_up", "name": "End"}), "steps.End.name"),
        (changed(steps__End=3), "steps.End"),
        (changed(steps__Line__queue=12), "steps.Line.queue"),
        (changed(steps__Line__mailbox="Sales"), "steps"),
        (changed(steps__Line__wait=[{"kind": "pause", "seconds": 61}]), "steps.Line.wait"),
        (changed(steps__Line__wait=[{"kind": "message"}]), "steps.Line.wait"),
        (changed(steps__Line__exits={"answers": "End"}), "steps.Line.exits.answers"),
        (changed(steps__Greeting__prompts={"whisper": "Hello"}), "steps.Greeting.prompts.whisper"),
        (changed(steps__Greeting__options=[{"exit": "Sales", "keys": "A"}]), "steps.Greeting.options"),
        (changed(steps__Greeting__options=FILE["steps"]["Greeting"]["options"] * 2), "steps.Greeting.options"),
        (changed(steps__Greeting__settings={"timeout": "4"}), "steps"),
    ],
)
def test_a_fault_is_told_with_its_place(data, field):
    assert field in faults(data)
