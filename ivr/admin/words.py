"""What each kind of step does, for people who never worked with a telephone system."""

from django.utils.translation import gettext_lazy as _

ABOUT = {
    "message": _("Says something, then goes on to the next step."),
    "menu": _("Says what callers can choose, and waits for a key or a word. Each option leads to a step of its own."),
    "collect": _("Asks for digits, such as an order number, and remembers them for this call."),
    "hours": _("Looks at opening hours: one way while open, one while closed, one on a holiday. Callers hear nothing."),
    "caller": _("Looks who calls: one way for contacts, one for VIPs, one for blocked callers. Callers hear nothing."),
    "language": _("Lets callers choose the language of everything that follows."),
    "look_up": _("Asks a computer of yours about the caller, and goes on by what it answers, or without it."),
    "branch": _(
        "Goes on by what is known: a kept value, the date and time, the number called, or the caller's country."
    ),
    "set": _("Keeps a value under a name, for prompts and branches after it. Callers hear nothing."),
    "share": _("Shares calls out among ways by percentage, such as to try two greetings, and compares how they end."),
    "consent": _("Tells callers that they are recorded, or asks them, as the policy of the call or queue says."),
    "queue": _("Lets callers wait for an agent, with music and news of their place, and with keys for other ways."),
    "call_back": _("Offers to call back: the caller's place in line is kept, and the caller hangs up."),
    "text": _("Texts something to the caller, such as a link or an address, in the caller's language."),
    "ring": _("Rings the telephones of people here, all at once or one after the other, and connects whoever answers."),
    "voicemail": _("Asks callers to leave a message, and keeps it in a mailbox."),
    "conference_room": _("Lets callers into a conference room by PIN. Guests hear music until a host is there."),
    "go_to": _("Goes on in another flow, for example one that several numbers share."),
    "send_away": _(
        "Hands the call over: to another program that answers calls, or to another telephone system by SIP."
    ),
    "raw_twiml": _("Lets Twilio execute what somebody has written in its own language, for what no other step can do."),
    "hang_up": _("Says goodbye, if you like, and ends the call."),
    "reject": _(
        "Refuses the call before it is answered, so that it costs nothing. Only possible as the very first step."
    ),
}
