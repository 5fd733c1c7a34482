"""Documents of any size, of the shape that callers meet: a welcome, then menus that lead to menus."""

from typing import Any

LANGUAGE, VOICE = "en-US", "Polly.Joanna-Neural"
PROMPTS = {
    "1": "Thank you for calling. This call is answered by a machine that knows its way.",
    "2": "For sales press 1. For support press 2. For opening hours press 3.",
    "3": "Sorry, that is not one of the choices.",
    "4": "All right.",
}


def document(steps: int) -> dict[str, Any]:
    """Make a document of `steps` steps without problems: a message, then a tree of menus with a message before each."""
    made: dict[str, Any] = {"1": _message("Welcome", "1", "2"), "2": _menu("Menu 2", ["3", "3", "3"])}
    number = 3
    while number + 1 < steps - 1:
        made[str(number)] = _message(f"Message {number}", "4", str(number + 1))
        following = str(number + 2) if number + 3 < steps - 1 else str(steps)
        made[str(number + 1)] = _menu(f"Menu {number + 1}", [following, following, str(steps)])
        number += 2
    for spare in range(number, steps):
        made[str(spare)] = _message(f"Message {spare}", "4", str(steps))
    made[str(steps)] = {"kind": "hang_up", "name": "Goodbye", "settings": {}, "prompts": {}, "exits": {}, "options": []}
    return {
        "format": 1,
        "flow": {"id": steps, "name": f"Flow of {steps} steps"},
        "languages": [[LANGUAGE, VOICE]],
        "first": "1",
        "prompts": {
            key: {"name": text[:20], "wordings": {LANGUAGE: {"text": text, "voice": "", "audio": ""}}}
            for key, text in PROMPTS.items()
        },
        "steps": made,
    }


def _message(name: str, prompt: str, following: str) -> dict[str, Any]:
    return {
        "kind": "message",
        "name": name,
        "settings": {},
        "prompts": {"message": prompt},
        "exits": {"next": following},
        "options": [],
    }


def _menu(name: str, targets: list[str]) -> dict[str, Any]:
    options = [
        {"exit": word, "keys": str(key), "words": [word], "language": ""}
        for key, word in enumerate(("sales", "support", "hours"), start=1)
    ]
    exits = {"sales": targets[0], "support": targets[1], "hours": targets[2]}
    return {
        "kind": "menu",
        "name": name,
        "settings": {},
        "prompts": {"greeting": "2", "no_input": "3", "wrong": "3"},
        "exits": exits | {"no_input": targets[2], "wrong_input": targets[2]},
        "options": options,
    }
