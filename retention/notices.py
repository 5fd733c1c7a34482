"""The e-mail that tells a hold's owner that it is to be reviewed. No number and no reason: a link to it."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from compliance.models import Hold
from telephony import callbacks


def of_hold(hold: Hold) -> EmailMultiAlternatives:
    subject = _("A legal hold is to be reviewed")
    context = {
        "subject": subject,
        "placed_at": hold.placed_at,
        "link": callbacks.plain("admin:compliance_hold_change", object_id=str(hold.pk)),
    }
    message = EmailMultiAlternatives(subject, render_to_string("mail/hold.txt", context), to=[hold.owner.email])
    message.attach_alternative(render_to_string("mail/hold.html", context), "text/html")
    return message
