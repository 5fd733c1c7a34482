"""What is answered when something of ours fails: to programs a problem, to people the plain page."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from rest import pages
from rest.problems import Problem


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500. What happened is in the log, and is nothing that the asker could mend."""
    if request.path.startswith("/api/v1/"):
        return pages.told(Problem(500, _("It is noted on our side. A write with an Idempotency-Key can be repeated.")))
    return defaults.server_error(request)
