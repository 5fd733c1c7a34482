"""What each kind of step does, for people who never worked with a telephone system."""

from django.utils.translation import gettext_lazy as _

ABOUT = {
    "message": _("Says something, then goes on to the next step."),
    "menu": _("Says what callers can choose, and waits for a key or a word. Each option leads to a step of its own."),
    "collect": _("Asks for digits, such as an order number, and remembers them for this call."),
    "hours": _("Looks at opening hours: one way while open, one while closed, one on a holiday. Callers hear nothing."),
    "language": _("Lets callers choose the language of everything that follows."),
    "ring": _("Rings the telephones of people here, all at once or one after the other, and connects whoever answers."),
    "voicemail": _("Asks callers to leave a message, and keeps it in a mailbox."),
    "go_to": _("Goes on in another flow, for example one that several numbers share."),
    "hang_up": _("Says goodbye, if you like, and ends the call."),
    "reject": _(
        "Refuses the call before it is answered, so that it costs nothing. Only possible as the very first step."
    ),
}
