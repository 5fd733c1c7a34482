"""The REST API: every resource at its address, the schema of all of them, and the pages that show it."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from agents.api import Agents, Reasons, Skills, Teams
from conferences.api import Conferences, Participants
from contacts.api import Contacts, OptOuts, Systems
from crm.api import Deliveries, Events, Subscriptions
from crm.story.api import ContactStories, Conversations
from ivr.api import Flows, Lines, Releases, Sounds, Versions
from ivr.hours.api import Closures, Schedules
from messaging.api import Messages, TextedMedia, Threads
from outbound.api import Calls, Orders
from queues.api import Callbacks, Dispositions, Handlings, Queues, Waiting
from recordings.api import Recorders, Recordings, Transcripts, Voicemails
from rest import pages
from rest.routing import Router
from retention.api import Holds
from telephony.api import Numbers

router = Router()
for name, resource in (
    ("calls", Calls),
    ("contacts", Contacts),
    ("opt-outs", OptOuts),
    ("systems", Systems),
    ("orders", Orders),
    ("conversations", Conversations),
    ("agents", Agents),
    ("teams", Teams),
    ("skills", Skills),
    ("reasons", Reasons),
    ("queues", Queues),
    ("waiting", Waiting),
    ("callbacks", Callbacks),
    ("handlings", Handlings),
    ("dispositions", Dispositions),
    ("conferences", Conferences),
    ("participants", Participants),
    ("recordings", Recordings),
    ("recorders", Recorders),
    ("transcripts", Transcripts),
    ("voicemails", Voicemails),
    ("messages", Messages),
    ("threads", Threads),
    ("texted-media", TextedMedia),
    ("numbers", Numbers),
    ("flows", Flows),
    ("flow-versions", Versions),
    ("releases", Releases),
    ("sounds", Sounds),
    ("lines", Lines),
    ("schedules", Schedules),
    ("closures", Closures),
    ("holds", Holds),
    ("events", Events),
    ("subscriptions", Subscriptions),
    ("deliveries", Deliveries),
):
    router.register(name, resource, basename=name)
# beneath the address of a contact, of which it knows more than the contact's own package
router.register("contacts", ContactStories, basename="contact-stories")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", pages.documentation, name="api-docs"),
    path("problems/<slug:kind>", pages.problem, name="api-problem"),
    re_path("", pages.nothing),
]
