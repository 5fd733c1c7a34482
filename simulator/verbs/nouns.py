"""Whom a Dial rings: its nouns as targets."""

import re
from dataclasses import dataclass, field

from simulator.detection import Detection, Invalid, detection
from simulator.legs import Callback
from simulator.numbers import is_e164
from simulator.twiml import Verb
from simulator.verbs.audio import TONES
from simulator.verbs.running import Running

MAX_TARGETS = 10
EXECUTED = {"Number", "Client", "Sip"}


@dataclass(frozen=True, slots=True)
class Target:
    """One address to ring."""

    address: str
    noun: str
    url: str
    method: str
    callback: Callback
    digits: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    detect: Detection | None = None


class NotDialable(Exception):
    """Raise when a Dial holds a noun that cannot be rung; the Dial fails as a whole."""


def targets(running: Running, dial: Verb) -> list[Target]:
    """Return a Dial's targets in order; raise `NotDialable` for nouns that are not executed and for bad addresses."""
    nouns = dial.children or ((Verb("Number", {}, dial.text),) if dial.text else ())
    for noun in nouns:
        if noun.name in ("Conference", "Queue"):
            running.complain(13000, f"a {noun.name} stands alone in its Dial")
            raise NotDialable
        if noun.name not in EXECUTED:
            running.not_executed(f"{noun.name} in Dial", "the Dial fails")
            raise NotDialable
    if len(nouns) > MAX_TARGETS:
        running.warn(0, f"Dial rings at most {MAX_TARGETS} at once, this one has {len(nouns)}")
    return [_target(running, noun) for noun in nouns[:MAX_TARGETS]]


def _target(running: Running, noun: Verb) -> Target:
    match noun.name:
        case "Number":
            address, shown = _number(running, noun.text), {}
        case "Client":
            address, shown = _client(running, noun), _pairs(noun)
        case _:
            address, shown = _sip(running, noun)
    digits = noun.get("sendDigits")
    if not TONES.issuperset(digits):
        running.warn(13222, f'sendDigits="{digits}"')
        digits = ""
    return Target(
        address=address,
        noun=noun.name,
        url=running.url(noun.get("url")) if noun.get("url") else "",
        method=noun.get("method", "POST"),
        callback=_callback(running, noun),
        digits=digits,
        shown=shown,
        detect=None if digits else _detection(running, noun),
    )


def _detection(running: Running, noun: Verb) -> Detection | None:
    """Return how a noun wants to know who answers: always beside the call."""
    if noun.name == "Client" or not noun.get("machineDetection"):
        return None
    given = {name[0].upper() + name[1:]: value for name, value in noun.attributes.items()}
    url = running.url(noun.get("amdStatusCallback")) if noun.get("amdStatusCallback") else ""
    if not url:
        running.warn(21262, "")
    try:
        return detection(given, Callback(url=url, method=noun.get("amdStatusCallbackMethod", "POST")))
    except Invalid as invalid:
        running.warn(invalid.code, invalid.detail)
        return None


def _callback(running: Running, noun: Verb) -> Callback:
    return Callback(
        url=running.url(noun.get("statusCallback")) if noun.get("statusCallback") else "",
        method=noun.get("statusCallbackMethod", "POST"),
        events=frozenset(noun.get("statusCallbackEvent", "completed").split()),
    )


def _number(running: Running, text: str) -> str:
    number = re.sub(r"[\s().-]", "", text)
    # Twilio still takes North American numbers without the plus.
    if re.fullmatch(r"1?[2-9]\d{9}", number):
        number = f"+1{number[-10:]}"
    if not is_e164(number):
        running.warn(13223, "Number must hold a number in E.164 form")
        raise NotDialable
    return number


def _client(running: Running, noun: Verb) -> str:
    identity = noun.text or next((child.text for child in noun.children if child.name == "Identity"), "")
    if not identity or len(identity) > 256:
        running.warn(12200, "Client needs an identity of at most 256 characters")
        raise NotDialable
    return f"client:{identity.removeprefix('client:')}"


def _sip(running: Running, noun: Verb) -> tuple[str, dict[str, str]]:
    uris = [child for child in noun.children if child.name == "Uri"]
    uri = noun.text or (min(uris, key=lambda child: int(child.get("priority") or 0)).text if uris else "")
    address, _, query = uri.partition("?")
    if not re.fullmatch(r"sips?:[^@\s]+(@[^@\s]+)?", address) or len(uri) > 255:
        running.warn(13243, "Sip must hold a URI of at most 255 characters")
        raise NotDialable
    headers = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
    for child in noun.children:
        if child.name == "Headers":
            headers |= _pairs(child)
    return address.partition(";")[0], headers


def _pairs(noun: Verb) -> dict[str, str]:
    return {child.get("name"): child.get("value") for child in noun.children if child.get("name")}
