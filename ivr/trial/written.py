"""Reads TwiML that somebody has written as the verbs that a trial can play. Pure."""

from collections.abc import Iterator
from typing import Literal
from xml.etree import ElementTree as ET

from telephony.twiml import Client, Dial, Gather, Number, Pause, Play, Prompting, Redirect, Say, Sip, Verb

Kind = Literal["dtmf", "speech", "dtmf speech"]
KINDS: dict[str, Kind] = {"speech": "speech", "dtmf speech": "dtmf speech", "speech dtmf": "dtmf speech"}


def verbs(xml: str) -> Iterator[Verb]:
    """Give what a caller hears, is asked and is connected with; what else is written there takes no time."""
    for element in ET.fromstring(f"<Response>{xml}</Response>"):  # noqa: S314 (checked when it was written)
        verb = _verb(element)
        if verb is not None:
            yield verb


def _verb(element: ET.Element) -> Verb | None:
    match element.tag:
        case "Gather":
            return Gather(
                action=element.get("action", ""),
                prompts=tuple(filter(None, map(_prompt, element))),
                input=KINDS.get(element.get("input", ""), "dtmf"),
                timeout=_number(element, "timeout"),
                finish_on_key=element.get("finishOnKey"),
                num_digits=_number(element, "numDigits"),
                speech_timeout=str(_number(element, "speechTimeout") or "") or None,
            )
        case "Dial":
            nouns = [noun for noun in map(_noun, element) if noun is not None]
            number = (element.text or "").strip()
            return Dial(
                [Number(number)] if number else nouns,
                action=element.get("action"),
                timeout=_number(element, "timeout"),
            )
        case "Redirect":
            return Redirect((element.text or "").strip())
        case _:
            return _prompt(element)


def _prompt(element: ET.Element) -> Prompting | None:
    match element.tag:
        case "Say":
            text = " ".join("".join(element.itertext()).split())
            return Say(text, voice=element.get("voice"), language=element.get("language"))
        case "Play":
            return Play((element.text or "").strip() or None, element.get("digits"), _number(element, "loop"))
        case "Pause":
            return Pause(_number(element, "length") or 1)
        case _:
            return None


def _noun(element: ET.Element) -> Number | Client | Sip | None:
    text = " ".join("".join(element.itertext()).split())
    match element.tag:
        case "Number":
            return Number(text)
        case "Client":
            return Client(text)
        case "Sip":
            return Sip(text)
        case _:
            return None


def _number(element: ET.Element, name: str) -> int | None:
    value = element.get(name, "")
    return int(value) if value.isdecimal() else None
