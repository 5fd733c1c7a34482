"""Verify the log of access, from its first entry to its last."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance import chain
from compliance.actions import access

WORDS = {
    chain.Flaw.CHANGED: "was changed: what it says does not give its hash.",
    chain.Flaw.LOOSE: "does not follow the entry before it: something in between is gone, or it was put in.",
    chain.Flaw.OTHER: "is not the one that the export has at this place: the log was written anew.",
}


class Command(BaseCommand):
    """Exits with 1 and names the first entry that does not hold, where there is one.

    The chain by itself cannot show that its end was cut off, or that all of it was written anew by somebody who may
    write the table. Both show against an export that was kept elsewhere: give the latest one by `--since-export`.
    """

    help = "Verify that no entry of the log of access was changed, taken out or put in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since-export",
            type=Path,
            metavar="FILE",
            help="an export made before, kept where nobody could change it: shows also whether the end was cut off",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        anchor = _anchor(options["since_export"]) if options["since_export"] else None
        verdict = access.verify(anchor=anchor)
        match verdict.broken:
            case None:
                self.stdout.write(f"The log is whole: {verdict.entries} entries, the last hash is {verdict.last}")
            case chain.Break(flaw=chain.Flaw.CUT):
                there, known = verdict.entries, anchor.entries if anchor else 0
                raise CommandError(f"The end of the log was cut off: the export has {known} entries, the log {there}.")
            case broken:
                raise CommandError(
                    f"Entry {broken.entry}, number {broken.place} in the log, {WORDS[broken.flaw]} "
                    f"The {verdict.entries} entries before it hold together."
                )


def _anchor(path: Path) -> chain.Anchor:
    try:
        with path.open(encoding="utf-8") as file:
            return chain.anchor_of(file)
    except (OSError, UnicodeDecodeError, chain.Unreadable) as error:
        raise CommandError(f"{path} cannot be used: {error}") from error
