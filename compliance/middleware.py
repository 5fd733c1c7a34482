"""What a legal hold refuses is told in a sentence, wherever in the admin it was tried."""

from collections.abc import Callable

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from compliance import holds

Answer = Callable[[HttpRequest], HttpResponse]


class HoldsAreTold:
    """Turns the database's refusal into a message on the page from which it was tried; nothing was deleted then."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, IntegrityError) or not request.path.startswith(reverse("admin:index")):
            return None
        if (hold := holds.holding(error)) is None:
            return None
        messages.error(request, str(holds.Held(hold)))
        return HttpResponseRedirect(request.path)
