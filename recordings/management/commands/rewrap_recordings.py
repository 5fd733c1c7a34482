"""Let the first of RECORDINGS_KEYS take over what the others have sealed. No file is touched."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recordings import actions, vault


class Command(BaseCommand):
    help = "Wrap the keys of recordings and transcripts by the first of RECORDINGS_KEYS. May be stopped and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="how many at a time (%(default)s)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not vault.newest_id():
            raise CommandError("RECORDINGS_KEYS is not set.")
        copies = transcripts = unreadable = 0
        for step in actions.rewrap(batch=max(1, options["batch"])):
            copies, transcripts = copies + step.copies, transcripts + step.transcripts
            unreadable += len(step.unreadable)
            for why in step.unreadable:
                self.stderr.write(why)
            self.stdout.write(f"so far: copies {copies}, transcripts {transcripts}")
        self.stdout.write(f"The key {vault.newest_id()} has taken over: copies {copies}, transcripts {transcripts}.")
        if unreadable:
            raise CommandError(f"{unreadable} could not be opened: none of RECORDINGS_KEYS is theirs.")
        if left := actions.left_to_rewrap():
            self.stdout.write(f"On their way into the storage: {left}. Run this again before you remove a key.")
        else:
            self.stdout.write("The other keys are needed no more.")
