"""Write the log of access into a file that anybody can verify."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance.actions import access

WHO = "command line"


class Command(BaseCommand):
    help = (
        "Write the log of access into a new file, a JSON object to a line, with the rule by which anybody can verify "
        "it. Keep it elsewhere: verify_access_log --since-export compares the log with it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="it must not exist: an export is evidence")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("x", encoding="utf-8") as file:
                path.chmod(0o600)
                for line in access.export(user=None, who=WHO, address=None, at=timezone.now()):
                    file.write(line)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}") from error
        self.stdout.write(f"The log is in {path}. Keep it where nobody can change it.")
