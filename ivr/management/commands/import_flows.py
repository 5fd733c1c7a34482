"""Make files the drafts of flows: all of them, or none; with a difference to read before."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from ivr import actions
from ivr.actions.importing import Imported
from ivr.files import folders
from ivr.files.folders import Source
from ivr.files.portable import Fault

#: how a dry run ends that would change something
WOULD_CHANGE = 3


class Command(BaseCommand):
    help = (
        "Make files the drafts of the flows that have their names, and take in the sounds beside them: all or nothing."
        " Callers notice nothing before it is published. Ends with 0 when it is done, with 1 when something is wrong"
        f" with the files, and with {WOULD_CHANGE} when --dry-run would change something."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER_OR_FILE")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")
        parser.add_argument(
            "--publish", metavar="NOTE", help="also publish what callers do not meet yet, with this note"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        sources = folders.read(options["paths"])
        if not sources:
            raise CommandError("There is no file of a flow.")
        self._refuse((source.name, fault) for source in sources for fault in [*source.faults, *_twice(source, sources)])
        files = {source.name: source.file for source in sources if source.file}
        sounds = {sha256: sound for source in sources for sha256, sound in source.sounds.items()}
        try:
            found = actions.import_drafts(
                files,
                by=None,
                brings=sounds,
                dry_run=options["dry_run"],
                publish_as=options["publish"],
                at=now(),
            )
        except actions.NotImportable as refusal:
            self._refuse(("", fault) for fault in refusal.faults)
        except actions.Unpublishable as refusal:
            self._refuse((name, Fault("", text)) for name, text in refusal.why.items())
        else:
            self._tell(found, options)
            if options["dry_run"] and any(row.changes or row.is_new for row in found.values()):
                sys.exit(WOULD_CHANGE)

    def _refuse(self, faults: Iterable[tuple[str, Fault]]) -> None:
        told = [": ".join(filter(None, (name, fault.field, fault.text))) for name, fault in faults]
        if told:
            raise CommandError("\n".join([*told, "Nothing is changed."]))

    def _tell(self, found: dict[str, Imported], options: dict[str, Any]) -> None:
        for name, row in found.items():
            what = "new" if row.is_new else "changed" if row.changes else "unchanged"
            self.stdout.write(f"{name}: {row.flow.name}, {what}")
            for change in row.changes if not row.is_new else ():
                self.stdout.write(f"  {change.what} {change.subject or 'the flow as a whole'}")
                for line in change.lines if change.what == "changed" else ():
                    self.stdout.write(f"    {line}")
            for prompt in row.shared:
                self.stdout.write(f"  Prompt “{prompt}” changes for other flows too.")
            for problem in row.problems:
                self.stdout.write(f"  {problem.severity}: {problem.text}")
        ending = "Nothing is changed: this was a dry run." if options["dry_run"] else "Done."
        if options["publish"] is not None and not options["dry_run"]:
            ending = "Done, and callers meet it."
        self.stdout.write(ending)


def _twice(source: Source, sources: list[Source]) -> list[Fault]:
    """Find a flow that another file holds as well."""
    if source.file is None:
        return []
    others = [one.name for one in sources if one.file and one is not source and one.file.name == source.file.name]
    return [Fault("flow.name", f"The flow “{source.file.name}” stands in {', '.join(others)} too.")] if others else []
