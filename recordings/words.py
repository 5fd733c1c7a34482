"""Why something is not recorded, in words for people."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recordings.recorder import PauseReason
from recordings.report import Why

REASONS: dict[str, Promise | str] = {
    PauseReason.AGENT: _("paused by hand"),
    PauseReason.HOLD: _("the customer was on hold"),
    PauseReason.WAIT: _("the customer waited in a queue"),
    PauseReason.DIGITS: _("digits were entered that nobody may keep"),
    PauseReason.PAYMENT: _("a payment was made"),
    PauseReason.ASKING: _("somebody was there who had not agreed"),
    Why.FLOW: _("greetings and menus, outside of the talk"),
    Why.REFUSED: _("the customer did not want to be recorded"),
    Why.NOT_BEGUN: _("it had not begun"),
    Why.STOPPED: _("it had been stopped"),
    Why.UNEXPLAINED: _("Twilio did not record, and nothing here says why"),
}


def because(reasons: Iterable[str]) -> str:
    """Tell all reasons that there were at a time."""
    return "; ".join(str(REASONS.get(reason, reason)) for reason in reasons)
