"""Where a provider of speech to text sends what it has heard, when that is ready. It is kept; a task reads it."""

import logging
from functools import partial
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from recordings import actions, tasks, transcribing

logger = logging.getLogger(__name__)

MOST = 32 * 1024 * 1024  # bytes: the text of a day, with the time of each word


@csrf_exempt
@require_POST
def answer(request: HttpRequest, transcript: UUID, token: str) -> HttpResponse:
    """Take the text of one try, once. Whoever does not have its address is refused; what is too late is forgotten."""
    if not transcribing.is_address_of(str(transcript), token):
        return HttpResponse(status=403)
    body = request.read(MOST + 1)
    if len(body) > MOST:
        logger.warning("Transcript %s: what was sent is too large", transcript)
        return HttpResponse(status=413)
    recording = actions.take_answer(transcript, body, at=timezone.now())
    if recording is not None:
        transaction.on_commit(partial(tasks.work.delay, str(recording)))
    return HttpResponse(status=204)
