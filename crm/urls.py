"""The addresses of the CRM's side that are pages for people."""

from django.contrib import admin
from django.urls import path

from crm.story import views

urlpatterns = [
    path(
        "stories/conversations/<uuid:conversation>",
        admin.site.admin_view(views.of_conversation),
        name="story-of-conversation",
    ),
    path("stories/contacts/<uuid:contact>", admin.site.admin_view(views.of_contact), name="story-of-contact"),
]
