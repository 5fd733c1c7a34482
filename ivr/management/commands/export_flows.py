"""Write flows as files that people can read and keep in git, with their sounds beside them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ivr.files import folders
from ivr.models import Flow


class Command(BaseCommand):
    help = (
        "Write the draft of each flow as a file, and the sounds that it plays beside it under their hashes. Only what"
        " changed is written, and nothing is removed unless --remove says so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="names of flows; without, all of them")
        parser.add_argument("--folder", type=Path, default=Path("flows"), help="where to; without, the folder flows")
        parser.add_argument("--published", action="store_true", help="what callers meet now, in place of the drafts")
        parser.add_argument(
            "--remove", action="store_true", help="also remove files of flows, and sounds, that are not here any more"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted, folder = list(dict.fromkeys(options["names"])), options["folder"]
        if wanted and options["remove"]:
            raise CommandError("--remove is about all flows: leave the names out.")
        rows = Flow.objects.order_by("name")
        flows = list(rows.filter(name__in=wanted) if wanted else rows)
        if missing := set(wanted) - {flow.name for flow in flows}:
            raise CommandError(f"There is no flow named {', '.join(sorted(missing))}.")
        done = list(folders.write(folder, flows, is_published=options["published"]))
        if options["remove"]:
            done += folders.remove_others(folder, flows)
        for path, what in done:
            if what != "unchanged" or options["verbosity"] > 1:
                self.stdout.write(f"{what:<9}  {path}")
        changed = sum(what != "unchanged" for _path, what in done)
        self.stdout.write(f"{len(flows)} flows, {changed} files changed.")
