"""Let the first of RECORDINGS_KEYS take over what the others have sealed, of calls and of texts. No file is touched.

It stands here because this app sees all that is sealed: one command, so that none of it is forgotten.
"""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.actions import keys as texts
from recordings import actions as recordings
from recordings import vault


class Command(BaseCommand):
    help = (
        "Wrap the keys of recordings, transcripts and what was texted by the first of RECORDINGS_KEYS."
        " May be stopped and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="how many at a time (%(default)s)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not vault.newest_id():
            raise CommandError("RECORDINGS_KEYS is not set.")
        copies = transcripts = media = unreadable = 0
        batch = max(1, options["batch"])
        for step in chain(recordings.rewrap(batch=batch), texts.rewrap(batch=batch)):
            copies, transcripts, media = copies + step.copies, transcripts + step.transcripts, media + step.media
            unreadable += len(step.unreadable)
            for why in step.unreadable:
                self.stderr.write(why)
            self.stdout.write(f"so far: copies {copies}, transcripts {transcripts}, texted media {media}")
        self.stdout.write(
            f"The key {vault.newest_id()} has taken over:"
            f" copies {copies}, transcripts {transcripts}, texted media {media}."
        )
        if unreadable:
            raise CommandError(f"{unreadable} could not be opened: none of RECORDINGS_KEYS is theirs.")
        if left := recordings.left_to_rewrap() + texts.left_to_rewrap():
            self.stdout.write(f"On their way into the storage: {left}. Run this again before you remove a key.")
        else:
            self.stdout.write("The other keys are needed no more.")
