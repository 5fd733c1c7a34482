"""What the simulator starts with: numbers and the URLs that answer them, and phones in people's hands."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast, get_args
from urllib.parse import urlsplit

from simulator.faults import Faults
from simulator.numbers import Answerer, Answers, Habit, Texts, is_dialable
from simulator.simulator import Service, Simulator
from simulator.texting.services import Keywords


class ConfigError(Exception):
    """The configuration cannot be understood; the text says what and where."""


@dataclass(frozen=True, slots=True)
class NumberSettings:
    """A number of the account."""

    number: str
    friendly_name: str = ""
    voice_url: str = ""
    voice_fallback_url: str = ""
    status_callback: str = ""
    sms_url: str = ""
    sms_fallback_url: str = ""


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """A phone that somebody holds."""

    address: str
    name: str = ""
    habit: Habit = field(default_factory=Habit)
    texts: Texts = "delivered"


DEMO_PHONES = (
    PhoneSettings("+14155550100", "Caller"),
    PhoneSettings("+14155550111", "Second caller"),
)


@dataclass(frozen=True, slots=True)
class Config:
    """Numbers and phones, and what browser phones need."""

    numbers: tuple[NumberSettings, ...] = ()
    phones: tuple[PhoneSettings, ...] = ()
    services: tuple[Service, ...] = ()
    api_key: str = ""
    """An API key (SK...) that opens the REST API and signs browser phones' tokens, and its secret."""
    api_secret: str = ""
    allowed_origin: str = ""
    """The origin whose pages may be browser phones, as "https://contact.example.com"."""

    @property
    def api_keys(self) -> dict[str, str]:
        """The secret by key, if there is one."""
        return {self.api_key: self.api_secret} if self.api_key and self.api_secret else {}

    def furnish(self, simulator: Simulator) -> None:
        """Put the numbers and phones into a new simulator; without any phone there are two to begin with."""
        for number in self.numbers:
            simulator.add_number(
                number.number,
                voice_url=number.voice_url,
                voice_fallback_url=number.voice_fallback_url,
                status_callback=number.status_callback,
                sms_url=number.sms_url,
                sms_fallback_url=number.sms_fallback_url,
                friendly_name=number.friendly_name,
            )
        for service in self.services:
            simulator.add_service(service)
        for phone in self.phones or DEMO_PHONES:
            simulator.add_phone(phone.address, name=phone.name, habit=phone.habit, texts=phone.texts)


def parse(text: str) -> Config:
    """Read the JSON form: {"numbers": [{"number", "voice_url", ...}], "phones": [{"address", "name", "habit"}]}.

    Beside these it may have "api_key", "api_secret" and "allowed_origin", and "services": [{"sid", "numbers", ...}].
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"it is no JSON: {error}") from error
    if not isinstance(data, dict) or not set(data) <= {field.name for field in fields(Config)}:
        raise ConfigError(f"it must be an object with {', '.join(field.name for field in fields(Config))}")
    names = {field.name for field in fields(NumberSettings)}
    numbers = [_checked(NumberSettings(**_strings(entry, names, "numbers"))) for entry in _list(data, "numbers")]
    phones = [_phone(entry) for entry in _list(data, "phones")]
    services = [_service(entry) for entry in _list(data, "services")]
    others = {key: value for key, value in data.items() if key not in ("numbers", "phones", "services")}
    words = _strings(others, set(others), "the configuration")
    return Config(
        tuple(numbers),
        tuple(phones),
        tuple(services),
        **words | {"allowed_origin": _origin(words.get("allowed_origin", ""))},
    )


def with_options(
    config: Config,
    *,
    numbers: Iterable[str],
    fallbacks: Iterable[str],
    callbacks: Iterable[str],
    phones: Iterable[str],
    texts: Iterable[str] = (),
) -> Config:
    """Add what the command line says: NUMBER=URL four times, and ADDRESS=NAME[,HABIT[,SECONDS]]."""
    known = {entry.number: entry for entry in config.numbers}
    urls = {"voice_url": numbers, "voice_fallback_url": fallbacks, "status_callback": callbacks, "sms_url": texts}
    for option, given in urls.items():
        for text in given:
            number, _, url = text.partition("=")
            entry = known.get(number) or _checked(NumberSettings(number))
            known[number] = replace(entry, **{option: url})
    held = config.phones + tuple(_phone_option(text) for text in phones)
    return replace(config, numbers=tuple(known.values()), phones=held)


def faults(texts: Iterable[str]) -> Faults:
    """Read NAME=CHANCE options, such as drop=0.2 or rest_500=0.1."""
    wanted = Faults()
    names = [field.name for field in fields(Faults) if isinstance(getattr(wanted, field.name), float)]
    for text in texts:
        name, _, value = text.partition("=")
        if name not in names:
            raise ConfigError(f"there is no fault {name!r}; there are {', '.join(names)}")
        setattr(wanted, name, _number(value))
    return wanted


def _phone_option(text: str) -> PhoneSettings:
    address, _, rest = text.partition("=")
    name, *options = rest.split(",")
    entry: dict[str, Any] = {"address": address, "name": name}
    if options:
        entry["habit"] = {"answers": options[0], "after": _number(options[1]) if options[1:] else Habit().after}
    return _phone(entry)


def _phone(entry: object) -> PhoneSettings:
    if not isinstance(entry, dict):
        raise ConfigError("a phone must be an object")
    others = {key: value for key, value in entry.items() if key != "habit"}
    words = _strings(others, {"address", "name", "texts"}, "phones")
    if not words.get("address"):
        raise ConfigError("a phone needs an address")
    return PhoneSettings(
        words["address"],
        words.get("name", ""),
        habit(entry.get("habit", "asks")),
        texts(words.get("texts", "delivered")),
    )


def texts(word: str) -> Texts:
    """Read what becomes of a text to a phone."""
    if word not in get_args(Texts):
        raise ConfigError(f"texts to a phone cannot be {word!r}; there are {', '.join(get_args(Texts))}")
    return cast("Texts", word)


def _service(entry: object) -> Service:
    """Read a messaging service: its words of STOP, START and HELP are its own where it lists them."""
    if not isinstance(entry, dict) or not isinstance(entry.get("advanced_opt_out", False), bool):
        raise ConfigError("a service must be an object, and its advanced_opt_out true or false")
    listed = ("numbers", "stop", "start", "help", "advanced_opt_out")
    names = {"sid", "name", "inbound_url", "fallback_url", "status_callback"}
    words = _strings({key: value for key, value in entry.items() if key not in listed}, names, "services")
    if not words.get("sid", "").startswith("MG"):
        raise ConfigError("a service needs a sid that begins with MG")
    usual, own = (
        Keywords(),
        {kind: {word.upper() for word in _words(entry, kind)} for kind in ("stop", "start", "help")},
    )
    return Service(
        sid=words.pop("sid"),
        name=words.pop("name", ""),
        numbers=tuple(_words(entry, "numbers")),
        advanced_opt_out=entry.get("advanced_opt_out", False),
        keywords=Keywords(
            stop=frozenset(own["stop"]) or usual.stop,
            start=frozenset(own["start"]) or usual.start,
            help=frozenset(own["help"]) or usual.help,
        ),
        **words,
    )


def _words(entry: dict[str, Any], name: str) -> list[str]:
    values = _list(entry, name)
    if not all(isinstance(value, str) for value in values):
        raise ConfigError(f'"{name}" of a service must be a list of texts')
    return values


def habit(value: object) -> Habit:
    """Read a habit: a word ("answers"), or {"answers": word, "after": seconds, "by": who, "greeting": seconds, ...}."""
    given: Mapping[str, object] = value if isinstance(value, dict) else {"answers": value}
    usual = Habit()
    answers, by = given.get("answers", usual.answers), given.get("by", usual.by)
    after, greeting = given.get("after", usual.after), given.get("greeting", usual.greeting)
    beeps = given.get("beeps", usual.beeps)
    if answers not in get_args(Answers):
        raise ConfigError(f"a phone has no habit {answers!r}; there are {', '.join(get_args(Answers))}")
    if by not in get_args(Answerer):
        raise ConfigError(f"a phone is not answered by {by!r}; there are {', '.join(get_args(Answerer))}")
    refers = given.get("refers", usual.refers)
    if not isinstance(beeps, bool) or not isinstance(refers, bool):
        raise ConfigError("whether a machine beeps, or a phone refers, must be true or false")
    return Habit(cast("Answers", answers), _seconds(after), cast("Answerer", by), _seconds(greeting), beeps, refers)


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 600:
        raise ConfigError("the seconds of a habit must be a number from 0 to 600")
    return value


def _checked(entry: NumberSettings) -> NumberSettings:
    if not is_dialable(entry.number):
        raise ConfigError(f"{entry.number!r} is no number like +15005550100")
    return entry


def _origin(url: str) -> str:
    """Return the origin of an address, as browsers write it."""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ConfigError(f"{url!r} is no origin like https://contact.example.com")
    return f"{parts.scheme}://{parts.netloc.lower()}" if url else ""


def _list(data: dict[str, Any], name: str) -> list[Any]:
    entries = data.get(name, [])
    if not isinstance(entries, list):
        raise ConfigError(f'"{name}" must be a list')
    return entries


def _strings(entry: object, names: set[str], where: str) -> dict[str, str]:
    if not isinstance(entry, dict) or not set(entry) <= names:
        raise ConfigError(f'an entry of "{where}" has other names than {", ".join(sorted(names))}')
    if not all(isinstance(value, str) for value in entry.values()):
        raise ConfigError(f'an entry of "{where}" has a value that is no text')
    return dict(entry)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no number") from error
