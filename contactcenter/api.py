"""The REST API: every resource at its address, the schema of all of them, and the pages that show it."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from calls.api import Calls
from crm.story.api import ContactStories, Conversations
from rest import pages
from rest.routing import Router

router = Router()
router.register("calls", Calls, basename="calls")
router.register("conversations", Conversations, basename="conversations")
router.register("contacts", ContactStories, basename="contact-stories")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", pages.documentation, name="api-docs"),
    path("problems/<slug:kind>", pages.problem, name="api-problem"),
    re_path("", pages.nothing),
]
