"""Writes the catalogue of events into docs/events.md, below what people wrote there."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.catalogue import TYPES
from crm.catalogue.document import written


class Command(BaseCommand):
    help = "Writes the catalogue of events into docs/events.md."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "events.md"
        page.write_text(written(page.read_text(), TYPES))
        self.stdout.write(f"{page} is written.")
