"""The e-mails that tell a mailbox's addressees. No caller's name or number, no sound: a link to where both are.

Where a mailbox allows it, what was said stands there too, redacted, and without any telephone number.
"""

from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from recordings.models import Mailbox, MissedCall, Voicemail
from recordings.said import said
from telephony import callbacks, numbers

MOST_TEXT = 5000  # letters


def of_voicemail(voicemail: Voicemail) -> EmailMultiAlternatives:
    """Write the e-mail about a voicemail that was read `with_what_was_said`."""
    seconds = voicemail.recording.seconds
    found = said(voicemail) if voicemail.mailbox.tells_transcript else None
    return _message(
        voicemail.mailbox,
        _("New voicemail in %(mailbox)s") % {"mailbox": voicemail.mailbox.name},
        "mail/voicemail",
        {
            "at": voicemail.left_at,
            "length": None if seconds is None else timedelta(seconds=seconds),
            "said": Truncator(numbers.mask(found.text)).chars(MOST_TEXT) if found else "",
            "why_not": found.why_not if found else "",
            "link": callbacks.plain("admin:recordings_voicemail_change", object_id=str(voicemail.pk)),
        },
    )


def of_missed_call(missed: MissedCall) -> EmailMultiAlternatives:
    return _message(
        missed.mailbox,
        _("Missed call at %(mailbox)s") % {"mailbox": missed.mailbox.name},
        "mail/missed_call",
        {"at": missed.at, "link": callbacks.plain("admin:calls_call_change", object_id=str(missed.call_id))},
    )


def _message(mailbox: Mailbox, subject: str, template: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    subject = " ".join(subject.split())  # a header has one line, whatever a mailbox is called
    context |= {"mailbox": mailbox, "subject": subject}
    message = EmailMultiAlternatives(subject, render_to_string(f"{template}.txt", context), to=mailbox.addresses)
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message
