"""Who searched in what was said, and whose words the results showed."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from compliance.actions import access
from compliance.states import Access
from recordings.actions.listening import Listener, note_read
from recordings.search.reading import Filters, Page

TRANSCRIPTS = "transcripts"


def note_search(page: Page, typed: str, filters: Filters, *, listener: Listener, at: datetime) -> None:
    """Log a page of a search: by what it was narrowed, and the recordings whose words it showed.

    The log is for ever, and what people look for may be somebody's name or number: it has a fingerprint of both, by
    which those who know a word can tell whether it was asked for. What was shown for a reason is logged with that.
    """
    chosen = {name: str(value) for name, value in asdict(filters).items() if value not in (None, "")}
    if filters.number:
        chosen["number"] = fingerprint(filters.number)
    detail: dict[str, Any] = {
        "words": fingerprint(typed),
        "filters": chosen,
        "recordings": [str(result.recording.pk) for result in page.results if result.lines],
        "withheld": sum(result.needs_reason for result in page.results),
        "found": len(page.results),
        "goes_on": page.after is not None,
    }
    with transaction.atomic():
        for result in page.results:
            if result.reason and result.lines:
                reader = Listener(listener.user, listener.address, reason=result.reason)
                note_read(result.recording, result.transcript, listener=reader, at=at)
        access.log(
            user=listener.user,
            address=listener.address,
            action=Access.SEARCHED,
            subject=TRANSCRIPTS,
            subject_id="all",
            detail=detail,
            at=at,
        )


def fingerprint(text: str) -> str:
    """Give what stands for a text in the log; whoever has the log alone cannot find the text by trying words."""
    plain = " ".join(text.casefold().split())
    return salted_hmac(TRANSCRIPTS, plain, algorithm="sha256").hexdigest()[:32] if plain else ""
