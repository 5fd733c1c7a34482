"""Who presses something in a conversation, for whom, and how a refusal of its rules is told."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from agents.actions import Busy
from agents.api import SUPERVISE, Asked
from agents.models import Agent
from conferences.actions import NotNow
from dialing.actions import NotPermitted
from rest.problems import Fault, Problem, conflict, refused, wrong


class Pressing(Asked):
    """What the resources below share: who presses, and for whom."""

    def acting(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give for which agent something is pressed and, where that is somebody else, by whom."""
        mine = Agent.objects.observed().filter(user=self.person).first()
        wanted = asked.get("agent")
        if wanted is None or (mine is not None and mine.pk == wanted):
            if mine is None:
                told = _("The owner of the key is no agent: name one, and have the permission to supervise.")
                raise wrong("agent", told)
            return {"by_agent": mine}
        if not self.person.has_perm(SUPERVISE):
            raise Problem(403, _("This is another agent. Whoever presses for others needs the right to supervise."))
        other = Agent.objects.supervised_by(self.person).observed().filter(pk=wanted).first()
        if other is None:
            raise wrong("agent", _("There is no such agent in your teams: /agents lists them."))
        return {"by_agent": other, "by_user": self.person}


def pressed(act: Callable[[], Any]) -> Any:
    """Do it; raises a Problem where the rules of the room, or an agent on another call, do not let it be."""
    try:
        return act()
    except NotNow as reason:
        told = str(reason) or str(_("That is not possible now."))
        raise conflict(_("%(why)s Read the conversation: `possible` says what is.") % {"why": told}) from None
    except NotPermitted as refusal:
        told = refusal.sentence
        raise refused(told, rule=refusal.rule.value, faults=[Fault("number", told)]) from None
    except Busy:
        raise conflict(_("That agent is on a call, or is being rung. Try again when they are free.")) from None
