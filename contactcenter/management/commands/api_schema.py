"""Write the schema of the REST API, or compare it with what was released."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contactcenter import schema
from rest import compatibility


class Command(BaseCommand):
    """With `--check` exits with 1 and names what would break a client of the released schema."""

    help = "Print the schema of the REST API as YAML, compare it with the released one, or release it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="Say what would break clients of the released schema.")
        what.add_argument("--release", action="store_true", help="Keep the schema as the released one.")

    def handle(self, *_args: Any, check: bool, release: bool, **_options: Any) -> None:
        text = schema.text()
        if told := schema.warnings():
            raise CommandError("The schema cannot be written whole:\n" + "\n".join(told))
        if check:
            if broken := compatibility.breaks(schema.released(), schema.present()):
                raise CommandError("Clients would break:\n" + "\n".join(broken))
            self.stdout.write("Every client of the released schema goes on as before.")
        elif release:
            schema.RELEASED.parent.mkdir(parents=True, exist_ok=True)
            schema.RELEASED.write_text(text)
            self.stdout.write(f"Released as {schema.RELEASED}.")
        else:
            self.stdout.write(text)
