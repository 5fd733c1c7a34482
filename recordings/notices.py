"""The e-mails that tell a mailbox's addressees. No caller's name or number, no sound: a link to where both are."""

from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from recordings.models import Mailbox, MissedCall, Voicemail
from telephony import callbacks


def of_voicemail(voicemail: Voicemail) -> EmailMultiAlternatives:
    seconds = voicemail.recording.seconds
    return _message(
        voicemail.mailbox,
        _("New voicemail in %(mailbox)s") % {"mailbox": voicemail.mailbox.name},
        "mail/voicemail",
        {
            "at": voicemail.left_at,
            "length": None if seconds is None else timedelta(seconds=seconds),
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
