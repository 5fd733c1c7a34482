"""The e-mail that tells the owner of a subscription that nothing is sent to it any more."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.models import Subscription
from telephony import callbacks


def of_subscription(subscription: Subscription) -> EmailMultiAlternatives:
    name = " ".join(subscription.name.split())  # a header has one line
    subject = _("%(name)s receives no events any more") % {"name": name}
    context = {
        "subject": subject,
        "subscription": subscription,
        "link": callbacks.plain("admin:crm_subscription_change", object_id=str(subscription.pk)),
    }
    text = render_to_string("mail/subscription.txt", context)
    message = EmailMultiAlternatives(subject, text, to=[subscription.owner.email])
    message.attach_alternative(render_to_string("mail/subscription.html", context), "text/html")
    return message
