"""Why a text was not sent, or did not arrive, in words for people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.models import Message
from messaging.states import Rule, State, Status

OF_RULES: Mapping[str, Promise] = {
    Rule.NO_NUMBER: gettext_lazy("The number is withheld, or none that could get a text."),
    Rule.OUR_OWN: gettext_lazy("That is one of our own numbers."),
    Rule.OPTED_OUT: gettext_lazy("This person wants no texts. They may text START to get them again."),
    Rule.LANDLINE: gettext_lazy("That is a landline, which gets no texts."),
    Rule.NO_SENDER: gettext_lazy("We have no number to text from."),
    Rule.EMPTY: gettext_lazy("There is nothing in it."),
    Rule.TOO_LONG: gettext_lazy("It is longer than 1,600 characters."),
    Rule.HOURS: gettext_lazy("It was not a decent hour there, nor soon."),
    Rule.ALREADY: gettext_lazy("This person had such a text a short time ago."),
    Rule.TALKED: gettext_lazy("This person has been talked to since."),
    Rule.NO_LOOKUP: gettext_lazy("It could not be learned whether this is a landline."),
    Rule.REFUSED: gettext_lazy("Twilio refused it."),
    Rule.LOST: gettext_lazy("Twilio's answer was lost, and it knows nothing of this text."),
}

# Twilio's error codes as its page "Error and warning dictionary" explains them, in our words.
OF_ERRORS: Mapping[str, Promise] = {
    "21211": gettext_lazy("There can be no such number."),
    "21408": gettext_lazy("Texts to that country are not allowed in Twilio's settings."),
    "21606": gettext_lazy("Our number cannot send this text to that number."),
    "21610": gettext_lazy("This person has texted STOP to that number."),
    "21612": gettext_lazy("Twilio has no way from our number to that one."),
    "21614": gettext_lazy("That number is no mobile telephone."),
    "21617": gettext_lazy("It is longer than 1,600 characters."),
    "30001": gettext_lazy("Too much was waiting at Twilio."),
    "30002": gettext_lazy("The account at Twilio is suspended."),
    "30003": gettext_lazy("The telephone is off or out of reach."),
    "30004": gettext_lazy("It was blocked: by the person, or by their network."),
    "30005": gettext_lazy("Nobody has that number, or it gets no texts."),
    "30006": gettext_lazy("That is a landline, or a network that cannot be reached."),
    "30007": gettext_lazy("A network has filtered it as unwanted."),
    "30008": gettext_lazy("It was not delivered, and the network does not say why."),
    "30034": gettext_lazy("Our number is not registered for texts to the United States."),
}

OF_STATUSES: Mapping[str, Promise] = {
    Status.DELIVERED: gettext_lazy("arrived"),
    Status.READ: gettext_lazy("read"),
    Status.UNDELIVERED: gettext_lazy("did not arrive"),
    Status.FAILED: gettext_lazy("could not be sent"),
}


def of_rule(rule: str, detail: str = "") -> str:
    """Say why a text was not sent."""
    told = str(OF_RULES[rule]) if rule in OF_RULES else rule
    return f"{told} {detail}" if detail else told


def of_error(code: str) -> str:
    """Say what Twilio's error code means; the code itself where we have no words for it."""
    if not code:
        return ""
    return str(OF_ERRORS[code]) if code in OF_ERRORS else _("Twilio's error %(code)s.") % {"code": code}


def of_standing(message: Message) -> str:
    """Say where a text of ours is; of one of theirs what it stood for."""
    if message.is_theirs:
        return message.purpose.upper()
    match message.state:
        case State.NOT_SENT:
            return _("not sent")
        case State.WANTED | State.ASKING:
            return _("is being sent")
        case State.UNCLEAR:
            return _("nobody knows yet whether it was sent")
    return str(OF_STATUSES.get(message.status, _("on its way")))
