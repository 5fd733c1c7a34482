"""`python -m simulator day`: play a day of calls against a running simulator."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields

from simulator import config
from simulator.config import ConfigError
from simulator.day import plan
from simulator.day.phones import Phones, Unreachable
from simulator.day.plan import Habits
from simulator.day.play import Day, summary
from simulator.faults import Faults

LOOK_SECONDS = 0.2
PATIENCE_AFTERWARDS = 1800.0
"""How long the last callers may stay, in seconds of the simulator."""
TELL_EVERY = 900.0
USUAL = Habits()


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Play until the last call is over, or Ctrl-C; print how it went and return the exit status."""
    options = _options(environment).parse_args(arguments)
    phones = Phones(options.simulator)
    try:
        habits, faults = _habits(options), _faults(options)
        seen = phones.snapshot()
        day = _day(options, phones, habits, seen)
        phones.set_speed(options.speed)
        phones.set_faults(faults, options.seed)
        try:
            _play(day, options)
        finally:
            phones.set_faults(seen["faults"])
            phones.set_speed(1)
    except (ConfigError, Unreachable) as error:
        print(f"The day cannot be played: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("The day ends early.")
    print(summary(day.tally))
    return 0


def _play(day: Day, options: argparse.Namespace) -> None:
    began, told = time.monotonic(), 0.0
    try:
        while not day.over:
            now = (time.monotonic() - began) * options.speed
            if now > options.hours * 3600 + PATIENCE_AFTERWARDS:
                break
            day.look(now)
            if now - told >= TELL_EVERY:
                told = now
                print(_line(day, options, now), flush=True)
            time.sleep(LOOK_SECONDS)
    finally:
        day.close()


def _line(day: Day, options: argparse.Namespace, now: float) -> str:
    minutes = options.from_hour * 60 + int(now // 60)
    fates = ", ".join(f"{count} {fate}" for fate, count in day.tally.fates.most_common()) or "none is over"
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}  {day.tally.dialed} calls: {fates}"


def _day(options: argparse.Namespace, phones: Phones, habits: Habits, seen: Mapping[str, list[dict[str, str]]]) -> Day:
    numbers = [entry["number"] for entry in seen["numbers"]]
    if not numbers and not options.to:
        raise ConfigError("the simulator has no number to call; name one by --to")
    for text in options.agent:
        address, _, name = text.partition("=")
        phones.add(address, name)
    held = {phone["address"] for phone in phones.snapshot()["phones"] if phone["habit"] == "asks"}
    callers = plan.calls(
        seed=options.seed,
        first_hour=options.from_hour,
        hours=options.hours,
        per_hour=options.calls_per_hour,
        habits=habits,
    )
    print(
        f"{len(callers)} calls in {options.hours:g} hours from {options.from_hour}:00, {options.speed:g} times as fast"
    )
    return Day(phones, callers, to=options.to or numbers[0], seed=options.seed, habits=habits, held=held)


def _habits(options: argparse.Namespace) -> Habits:
    keys: dict[str, float] = {}
    for text in options.keys:
        pressed, _, weight = text.partition("=")
        try:
            keys[pressed] = float(weight or 1)
        except ValueError as error:
            raise ConfigError(f"{text!r} is no KEYS=WEIGHT") from error
    return Habits(
        patience=options.patience,
        talk=options.talk,
        answer=options.answer,
        declines=options.declines,
        loyal=options.loyal,
        keys=keys,
    )


def _faults(options: argparse.Namespace) -> dict[str, float]:
    named = config.faults(options.fault)
    chances = {field.name: getattr(named, field.name) for field in fields(Faults) if field.type is float}
    given = {text.partition("=")[0] for text in options.fault}
    return {
        name: options.faults if not name.endswith("_seconds") and name not in given else chance
        for name, chance in chances.items()
    }


def _options(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    url = environment.get("SIMULATOR_URL") or f"http://127.0.0.1:{environment.get('SIMULATOR_PORT') or 8001}"
    parser = argparse.ArgumentParser(
        prog="python -m simulator day",
        description="Play a day of calls against a running simulator and the application behind it.",
        epilog="Seconds are the simulator's. The same seed plans the same day.",
    )
    add = parser.add_argument
    add("--simulator", default=url, metavar="URL", help="where the simulator runs (%(default)s)")
    add("--to", default="", metavar="NUMBER", help="the number that is called (the simulator's first)")
    add("--from-hour", type=int, default=8, metavar="HOUR", help="when the day begins (%(default)s)")
    add("--hours", type=float, default=10.0, help="how long it lasts (%(default)s)")
    add("--calls-per-hour", type=float, default=60.0, metavar="COUNT", help="how many come on average (%(default)s)")
    add("--speed", type=float, default=1.0, help="how many times as fast as the clock on the wall (%(default)s)")
    add("--seed", type=int, default=1, help="what the day is drawn from (%(default)s)")
    add("--keys", action="append", default=[], metavar="KEYS[=WEIGHT]", help="what callers press, one key at each menu")
    add("--patience", type=float, default=USUAL.patience, metavar="SECONDS", help="mean of the wait (%(default)s)")
    add("--talk", type=float, default=USUAL.talk, metavar="SECONDS", help="median of a talk (%(default)s)")
    add("--answer", type=float, default=USUAL.answer, metavar="SECONDS", help="mean until a phone is answered")
    add("--declines", type=float, default=USUAL.declines, metavar="CHANCE", help="of a ring (%(default)s)")
    add(
        "--loyal",
        type=float,
        default=USUAL.loyal,
        metavar="CHANCE",
        help="of a caller who never hangs up (%(default)s)",
    )
    add("--agent", action="append", default=[], metavar="ADDRESS=NAME", help="another phone that the day answers")
    add("--faults", type=float, default=0.0, metavar="CHANCE", help="of every kind of misbehavior")
    add("--fault", action="append", default=[], metavar="NAME=CHANCE", help="of one kind, as drop=0.02")
    return parser
