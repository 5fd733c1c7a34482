"""The e-mail that tells a queue's supervisors of a callback that did not come about. No number: a link to it."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from agents.models import User
from queues.models import Callback
from telephony import callbacks


def of_callback(callback: Callback) -> EmailMultiAlternatives:
    queue = callback.queue
    supervisors = User.objects.filter(supervised_teams__queues=queue, is_active=True).exclude(email="")
    subject = " ".join((_("A callback of %(queue)s did not come about") % {"queue": queue.name}).split())
    context = {
        "subject": subject,
        "queue": queue,
        "at": callback.asked_at,
        "tries": callback.tries,
        "link": callbacks.plain("admin:queues_callback_change", object_id=str(callback.pk)),
    }
    to = sorted(set(supervisors.values_list("email", flat=True)))
    message = EmailMultiAlternatives(subject, render_to_string("mail/callback.txt", context), to=to)
    message.attach_alternative(render_to_string("mail/callback.html", context), "text/html")
    return message
