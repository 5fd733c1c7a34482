"""Stories in the API: all of one conversation, and what there was with a contact, page by page."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from calls.models import Call
from contacts.models import Contact
from crm import story
from crm.story import Kind
from rest.fields import Moment
from rest.paging import DEFAULT_LIMIT, MOST
from rest.problems import wrong
from rest.serializers import Shape
from rest.views import Resource

UUID_PATTERN = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class StoryEntryShape(Shape):
    """One thing that happened."""

    at = Moment()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    subject = serializers.CharField(help_text="The id of what it is about: of the call, recording, text, order ...")
    title = serializers.CharField(help_text="In words.")
    text = serializers.CharField(allow_blank=True, help_text="What was heard, said, written or noted.")
    note = serializers.CharField(allow_blank=True)
    conversation = serializers.UUIDField(allow_null=True)
    call = serializers.UUIDField(allow_null=True, help_text="The leg on which it was.")
    detail = serializers.BooleanField(help_text="Whether it is a step on a way whose ends are told besides.")
    audible = serializers.BooleanField(
        allow_null=True, help_text="Of a recording: whether you may hear it now. Ask for its link by `subject`."
    )


class KnownCallerShape(Shape):
    """Whom the caller's number is known for."""

    contact = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    matches = serializers.IntegerField(help_text="How many contacts have the number.")


class StoryShape(Shape):
    """A conversation from its beginning to its end: all legs, and all that happened on them."""

    conversation = serializers.UUIDField()
    caller = serializers.CharField(allow_blank=True, help_text="Who is not us, as you may see numbers.")
    line = serializers.CharField(allow_blank=True, help_text="Our end.")
    began_at = Moment()
    ended_at = Moment(allow_null=True)
    is_live = serializers.BooleanField()
    known = KnownCallerShape(allow_null=True)
    entries = StoryEntryShape(many=True)
    is_cut = serializers.BooleanField(help_text="Whether it is too long, so that its beginning is left out.")


class StoryPageShape(Shape):
    """A part of a contact's story, the newest first."""

    items = StoryEntryShape(many=True, source="entries")
    next = serializers.SerializerMethodField(help_text="The `cursor` of what was before; null at the beginning.")

    def get_next(self, page: story.Page) -> str | None:
        return page.next or None


class PageQuery(Shape):
    limit = serializers.IntegerField(default=DEFAULT_LIMIT, min_value=1, max_value=MOST, help_text="How many at most.")
    cursor = serializers.CharField(required=False, help_text="Where to go on: `next` of the page before.")


class Conversations(Resource):
    """Conversations, each told as one story. Calls, events and orders name theirs as `conversation`."""

    scope = "stories"
    permissions = {"retrieve": "calls.view_call"}
    queryset = Call.objects.none()
    serializer_class = StoryShape
    lookup_value_regex = UUID_PATTERN

    def retrieve(self, _request: Request, pk: str) -> Response:
        """Tell the story of a conversation."""
        told = story.of_conversation(UUID(pk), self.user)
        if told is None:
            raise Http404
        return self.answer(told)


class ContactStories(Resource):
    """What there was with a contact."""

    scope = "stories"
    permissions = {"story": ("contacts.view_contact", "calls.view_call")}
    queries = {"story": PageQuery}
    queryset = Contact.objects.all()
    serializer_class = StoryPageShape
    lookup_value_regex = UUID_PATTERN

    @action(detail=True)
    def story(self, _request: Request, pk: Any = None) -> Response:
        """Tell the story of a contact, the newest first: calls, texts, notes, recordings, callbacks, orders."""
        contact = get_object_or_404(self.get_queryset(), pk=pk)
        asked = self.query()
        try:
            page = story.of_contact(contact, self.user, cursor=asked.get("cursor", ""), limit=asked["limit"])
        except story.NotACursor:
            raise wrong("cursor", _("Take it, unchanged, from `next` of the page before.")) from None
        return self.answer(page)
