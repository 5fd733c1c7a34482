"""`?expand=timeline,legs`: detail that an answer has only where somebody asks for it."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from rest.problems import wrong

PARAMETER = "expand"


def expanded(request: Request, possible: Collection[str]) -> tuple[str, ...]:
    """Read which of the possible expansions are asked for, each once; raises a Problem for another."""
    written = ",".join(request.query_params.getlist(PARAMETER))  # some clients repeat the parameter
    names = tuple(dict.fromkeys(name for name in written.split(",") if name))
    if strange := [name for name in names if name not in possible]:
        told = _("%(names)s cannot be expanded; possible are: %(possible)s.")
        raise wrong(PARAMETER, told % {"names": ", ".join(strange), "possible": ", ".join(possible)})
    return names
