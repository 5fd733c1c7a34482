"""A flow as a file to read, to compare and to keep in git: everything by its name, in one order, nothing empty. Pure.

It is a document (`ivr.document`) whose steps, prompts and references go by names in place of keys, with the flow's
description. So what reads documents reads files as well, and the same flow is the same text wherever it was written.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple, get_args, get_type_hints

from ivr.document import FORMAT, Document, parse
from ivr.kinds.base import Step
from ivr.kinds.settings import Broken

#: what steps refer to, by the name under which they do
TAKES: tuple[str, ...] = tuple(filter(None, get_args(get_args(get_type_hints(Step)["TAKES"])[0])))
LONGEST_NAME, LONGEST_LANGUAGE, LONGEST_VOICE = 80, 16, 64
SECONDS, LONGEST_SILENCE = 10, 60
KEYS = re.compile(r"[0-9*#]{0,16}")
NOT_KEPT: tuple[Any, ...] = ("", [], {})


class Fault(NamedTuple):
    """What is wrong with a file, and where: `steps.Main menu.queue`."""

    field: str
    text: str


class Unreadable(Exception):
    """This is no file of a flow."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = faults


class Sound(NamedTuple):
    """A sound of a wording, by the hash of its bytes. `prompt` and `language` say where."""

    sha256: str
    name: str
    prompt: str
    language: str


@dataclass(frozen=True, slots=True)
class File:
    """A flow that was read. `document` has names where a document has keys; `raw` is the same as plain data."""

    name: str
    description: str
    document: Document
    raw: Mapping[str, Any]

    @property
    def sounds(self) -> Iterator[Sound]:
        for prompt, wordings in self.raw["prompts"].items():
            for language, wording in wordings.items():
                if audio := wording.get("audio"):
                    yield Sound(audio["sha256"], audio.get("name", ""), prompt, language)

    def references(self, takes: str) -> dict[str, str]:
        """Give the names of what the steps refer to under this name, by step."""
        return {step: row[takes] for step, row in self.raw["steps"].items() if row.get(takes)}


def written(
    document: Mapping[str, Any],
    *,
    description: str,
    names: Mapping[tuple[str, str], str],
    sounds: Mapping[str, str],
) -> dict[str, Any]:
    """Write a document's JSON as a file.

    `names` are those of what steps refer to, by the name under which they do and the key; `sounds` those of sounds, by
    their hashes. What is not among them is gone, and is left out.
    """
    steps, prompts = document["steps"], document["prompts"]
    step_names = {key: step["name"] for key, step in steps.items()}
    prompt_names = {key: prompt["name"] for key, prompt in prompts.items()}
    first = document.get("first", "")
    return {
        "format": FORMAT,
        "flow": {"name": document["flow"].get("name", ""), "description": description},
        "languages": [{"language": language, "voice": voice} for language, voice in document["languages"]],
        "first": step_names.get(first, ""),
        "prompts": {prompt["name"]: _wordings(prompt["wordings"], sounds) for prompt in prompts.values()},
        "steps": {step["name"]: _short(_step(step, step_names, prompt_names, names)) for step in steps.values()},
    }


def text(file: Mapping[str, Any]) -> str:
    """Write a file out: the same text for the same flow, with one fact on each line."""
    return json.dumps(file, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def fingerprint(file: Mapping[str, Any]) -> str:
    """Give what changes whenever anything in the file does."""
    return sha256(text(file).encode()).hexdigest()


def read(data: object) -> File:
    """Read a file. Raises Unreadable, with a sentence for each fault."""
    if not isinstance(data, dict):
        raise Unreadable(Fault("", "A flow's file is an object."))
    if data.get("format") != FORMAT:
        raise Unreadable(Fault("format", f"The format {data.get('format')!r} is not known; it is {FORMAT}."))
    faults = list(_shape(data))
    if faults:
        raise Unreadable(*faults)
    try:
        document = parse(_as_document(data))
    except Broken as broken:
        raise Unreadable(Fault("steps", str(broken))) from broken
    if faults := [fault for step in document.steps.values() for fault in _parts(step)]:
        raise Unreadable(*faults)
    flow = data["flow"]
    return File(flow["name"], flow.get("description", ""), document, data)


def _wordings(wordings: Mapping[str, Mapping[str, str]], sounds: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for language, wording in wordings.items():
        audio = wording.get("audio", "")
        named = {"sha256": audio, "name": sounds.get(audio, "")} if audio else ""
        found[language] = _short({"text": wording.get("text", ""), "voice": wording.get("voice", ""), "audio": named})
    return found


def _step(
    step: Mapping[str, Any],
    steps: Mapping[str, str],
    prompts: Mapping[str, str],
    names: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    return {
        "kind": step["kind"],
        "settings": step.get("settings", {}),
        "prompts": {role: prompts[key] for role, key in step.get("prompts", {}).items()},
        "exits": {exit_: steps[key] for exit_, key in step.get("exits", {}).items()},
        "options": [_short(option) for option in step.get("options", [])],
        "wait": [_wait_item(item, prompts) for item in step.get("wait", [])],
        **{takes: names.get((takes, step[takes]), "") for takes in TAKES if step.get(takes)},
    }


def _wait_item(item: Mapping[str, Any], prompts: Mapping[str, str]) -> dict[str, Any]:
    seconds = {"seconds": item["seconds"]} if item["kind"] == "pause" else {}
    return _short({"kind": item["kind"], "prompt": prompts.get(item["prompt"], "")}) | seconds


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in NOT_KEPT}


def _shape(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Find where the file is not made as files are, before its steps are read."""
    for name in data.keys() - {"format", "flow", "languages", "first", "prompts", "steps"}:
        yield Fault(str(name), f"{name!r} does not belong into a flow's file.")
    if not _can_be_kept(data):
        yield Fault("", "There are characters in it that no database keeps, such as NUL.")
    flow = data.get("flow")
    if not isinstance(flow, dict) or not _is_name(flow.get("name")):
        yield Fault("flow.name", f"The flow needs a name, of at most {LONGEST_NAME} characters.")
    elif not isinstance(flow.get("description", ""), str):
        yield Fault("flow.description", "The description is a text.")
    if not isinstance(data.get("first", ""), str):
        yield Fault("first", "The first step is named by its name.")
    yield from _languages(data.get("languages"))
    yield from _named(data, "steps")
    yield from _named(data, "prompts")
    if isinstance(data.get("prompts"), dict):
        for prompt, wordings in data["prompts"].items():
            yield from _prompt(prompt, wordings)
    if isinstance(data.get("steps"), dict):
        for step, row in data["steps"].items():
            yield from _references(step, row)


def _can_be_kept(data: Mapping[str, Any]) -> bool:
    try:
        return b"\\u0000" not in json.dumps(data).encode() and bool(text(data).encode())
    except (UnicodeEncodeError, ValueError):
        return False


def _is_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and name == name.strip()


def _languages(rows: object) -> Iterator[Fault]:
    if not isinstance(rows, list) or not all(_is_language(row) for row in rows):
        yield Fault("languages", 'The languages are a list of {"language": "en-US", "voice": "Polly.Joanna-Neural"}.')
    elif len({row["language"] for row in rows}) != len(rows):
        yield Fault("languages", "A language stands there twice.")


def _is_language(row: object) -> bool:
    longest = {"language": LONGEST_LANGUAGE, "voice": LONGEST_VOICE}
    return (
        isinstance(row, dict)
        and row.keys() == longest.keys()
        and all(isinstance(row[name], str) and 0 < len(row[name]) <= longest[name] for name in longest)
    )


def _named(data: Mapping[str, Any], what: str) -> Iterator[Fault]:
    rows = data.get(what)
    if not isinstance(rows, dict):
        yield Fault(what, f"The {what} are objects by their names.")
        return
    for name in rows:
        if not _is_name(name):
            yield Fault(f"{what}.{name}", f"A name has 1 to {LONGEST_NAME} characters, and no space at its ends.")


def _prompt(prompt: str, wordings: object) -> Iterator[Fault]:
    where = f"prompts.{prompt}"
    if not isinstance(wordings, dict):
        yield Fault(where, f"Prompt “{prompt}” has wordings by language.")
        return
    for language, wording in wordings.items():
        audio = wording.get("audio", {}) if isinstance(wording, dict) else {}
        if not _is_wording(language, wording):
            yield Fault(f"{where}.{language}", "A wording has a text and perhaps a voice, or an audio.")
        elif not isinstance(audio, dict) or (audio and not isinstance(audio.get("sha256"), str)):
            yield Fault(f"{where}.{language}.audio", "A sound is named by the sha256 of its bytes.")
        elif not wording.get("text") and not audio:
            yield Fault(f"{where}.{language}", f"Prompt “{prompt}” has neither text nor sound in {language}.")


def _is_wording(language: str, wording: object) -> bool:
    return (
        len(language) <= LONGEST_LANGUAGE
        and isinstance(wording, dict)
        and not wording.keys() - {"text", "voice", "audio"}
        and all(isinstance(wording.get(name, ""), str) for name in ("text", "voice"))
        and len(wording.get("voice", "")) <= LONGEST_VOICE
    )


def _references(step: str, row: object) -> Iterator[Fault]:
    if not isinstance(row, dict):
        yield Fault(f"steps.{step}", f"Step “{step}” is an object.")
        return
    if "name" in row:
        yield Fault(f"steps.{step}.name", "A step's name is the word that it stands under.")
    for takes in TAKES:
        if not isinstance(row.get(takes, ""), str):
            yield Fault(f"steps.{step}.{takes}", "What a step refers to is named by its name.")
    for item in row.get("wait", ()) if isinstance(row.get("wait"), list) else ():
        seconds = item.get("seconds", SECONDS) if isinstance(item, dict) else SECONDS
        if not isinstance(seconds, int) or not 1 <= seconds <= LONGEST_SILENCE:
            yield Fault(f"steps.{step}.wait", f"A silence lasts 1 to {LONGEST_SILENCE} seconds.")


def _parts(step: Step) -> Iterator[Fault]:
    """Find what a step has that its kind does not know, or that could not be kept."""
    where = f"steps.{step.name}"
    known = [exit_.name for exit_ in step.exit_names()]
    for name in step.exits.keys() - set(known):
        yield Fault(f"{where}.exits.{name}", f"A step of the kind {step.LABEL} has no exit {name!r}.")
    for name in step.prompts.keys() - {role.name for role in step.PROMPTS}:
        yield Fault(f"{where}.prompts.{name}", f"A step of the kind {step.LABEL} has no prompt {name!r}.")
    if step.options and not step.HAS_OPTIONS:
        yield Fault(f"{where}.options", f"A step of the kind {step.LABEL} has no options.")
    if len(set(known)) != len(known):
        yield Fault(f"{where}.options", f"Two exits of step “{step.name}” have the same name.")
    for item in step.wait_items:
        if not item.prompt and item.kind not in ("music", "pause"):
            yield Fault(f"{where}.wait", f"What callers hear as {item.kind} in step “{step.name}” needs a prompt.")
    for option in step.options:
        if not _is_name(option.exit) or not KEYS.fullmatch(option.keys) or len(option.language) > LONGEST_LANGUAGE:
            yield Fault(f"{where}.options", f"Option “{option.exit}”: keys are at most 16 of 0 to 9, * and #.")


def _as_document(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give the file as a document whose keys are names."""
    return {
        "format": data["format"],
        "flow": {"id": data["flow"]["name"], "name": data["flow"]["name"]},
        "languages": [[row["language"], row["voice"]] for row in data["languages"]],
        "first": data.get("first", ""),
        "prompts": {
            name: {"name": name, "wordings": {language: _plain(wording) for language, wording in wordings.items()}}
            for name, wordings in data["prompts"].items()
        },
        "steps": {name: _step_of_document(name, row) for name, row in data["steps"].items()},
    }


def _plain(wording: Mapping[str, Any]) -> dict[str, str]:
    audio = wording.get("audio") or {}
    return {"text": wording.get("text", ""), "voice": wording.get("voice", ""), "audio": audio.get("sha256", "")}


def _step_of_document(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    items = row.get("wait")
    wait = [{"prompt": "", "seconds": SECONDS, **item} if isinstance(item, dict) else item for item in items or ()]
    return {**row, "name": name} | ({"wait": wait} if isinstance(items, list) else {})
