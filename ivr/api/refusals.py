"""Why something is not published, proposed or decided about, in the words of the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _

from ivr import actions
from ivr.actions import releasing
from ivr.kinds.base import Problem as Finding
from rest.problems import Fault, Problem, conflict, refused, wrong


def named(found: tuple[Finding, ...], document: dict[str, Any]) -> list[dict[str, Any]]:
    """Tell of what is wrong with a document by the names of steps."""
    steps = document.get("steps", {})
    return [
        {
            "code": one.code,
            "severity": one.severity,
            "step": steps.get(one.step, {}).get("name", ""),
            "text": one.text,
        }
        for one in found
    ]


@contextmanager
def refusals(document: dict[str, Any], *, despite: str = "") -> Iterator[None]:
    """Turn what is in the way of a document into problems that say what to do."""
    try:
        yield
    except actions.HasErrors as errors:
        raise _unfit(errors.problems, document) from None
    except actions.NeedsApproval:
        told = _("A second person has to approve what is published of this flow: propose it by POST /releases.")
        raise conflict(told) from None
    except actions.NothingChanges as same:
        raise conflict(_("Callers meet exactly this already: %(version)s.") % {"version": same.version}) from None
    except actions.ScenariosFail as failing:
        raise _failing(failing, despite) from None
    except releasing.NothingToWaitFor:
        raise wrong("publish_at", _("The flow needs no approval: give a time, or publish it.")) from None
    except releasing.TimeIsOver:
        raise wrong("publish_at", _("This time is over.")) from None
    except releasing.OwnProposal:
        raise refused(_("Nobody decides about what they have proposed themselves.")) from None
    except releasing.NotOpen:
        raise conflict(_("It waits for this no more: read it anew.")) from None


def _unfit(found: tuple[Finding, ...], document: dict[str, Any]) -> Problem:
    faults = [
        Fault(f"steps.{one['step']}" if one["step"] else "", one["text"])
        for one in named(found, document)
        if one["severity"] == "error"
    ]
    return Problem(422, _("It cannot be published yet: `errors` say why."), faults=faults)


def _failing(failing: actions.ScenariosFail, despite: str) -> Problem:
    """Name the scenarios that fail, and what is not as they expect; or that a reason needs a permission."""
    faults = [
        Fault(f"scenarios.{one.name}", difference.text) for one in failing.results for difference in one.differences
    ]
    if despite:
        told = _("Your permissions do not reach for publishing although scenarios fail.")
        return Problem(403, told, faults=[Fault("despite", str(told)), *faults])
    told = _("Scenarios fail: `errors` say which, and why. Who may can give a reason in `despite`.")
    return Problem(422, told, faults=faults)
