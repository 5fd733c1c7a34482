"""The panels beside the picture of a flow, each a fragment at an address of its own."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agents.models import User


@dataclass(frozen=True, slots=True)
class Panel:
    """A tab: the name that the page's address tells (`?panel=`), its label, where its fragment is, who may see it."""

    name: str
    label: str | Promise
    url_name: str
    permission: str

    def address(self, flow: int) -> str:
        return reverse(self.url_name, args=[flow])


PANELS: tuple[Panel, ...] = (
    Panel("step", _("Step"), "admin:ivr_flow_step", "ivr.view_flow"),
    Panel("try", _("Try it"), "admin:ivr_flow_try", "ivr.view_flow"),
    Panel("scenarios", _("Scenarios"), "admin:ivr_flow_scenarios", "ivr.view_scenario"),
    Panel("checks", _("Checks"), "admin:ivr_flow_checks", "ivr.view_flow"),
    Panel("replay", _("Replay"), "admin:ivr_flow_replay", "ivr.view_flow"),
    Panel("versions", _("Versions"), "admin:ivr_flow_versions", "ivr.view_flow"),
    Panel("flow", _("Flow"), "admin:ivr_flow_settings", "ivr.view_flow"),
    Panel("done", _("What was done"), "admin:ivr_flow_done", "ivr.view_flow"),
)


def open_to(person: AbstractBaseUser | AnonymousUser) -> list[Panel]:
    """Give the panels that somebody may see."""
    return [panel for panel in PANELS if isinstance(person, User) and person.has_perm(panel.permission)]
