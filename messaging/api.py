"""Texts in the API: read, sent, and the threads in which they stand."""

import logging
from base64 import b64encode
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import Asked
from calls.ends import text_shown_to
from compliance.origin import address_of
from contacts.models import ContactNumber
from messaging import actions, files, reading
from messaging.actions import keeping
from messaging.models import Media, Message, Sender, Thread
from messaging.sentences import of_error, of_rule
from messaging.states import Direction, MediaState, Purpose, Rule, State, Why
from queues.models import Queue
from recordings.files import StorageFailed
from recordings.vault import Unreadable
from rest.fields import MomentFilter
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import Problem, conflict, refused, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import numbers
from telephony.fields import Number

logger = logging.getLogger(__name__)

MOST_MEDIA = 10
DONE = _("Nobody waits for an answer there.")


class SenderRef(ModelShape):
    """A number of ours that texts."""

    class Meta:
        model = Sender
        fields = ("id", "number")


class QueueOfTexts(ModelShape):
    """Whose agents answer: a queue, by id and name."""

    class Meta:
        model = Queue
        fields = ("id", "name")


class MediaShape(ModelShape):
    """A picture or file of a text. `/texted-media/{id}/content` fetches it."""

    state = serializers.ChoiceField([one.value for one in MediaState])

    class Meta:
        model = Media
        fields = ("id", "content_type", "size", "state")


class MediaContentShape(Shape):
    """A picture or file itself."""

    content_type = serializers.CharField(allow_blank=True, help_text="As its sender has it: nobody has checked.")
    content = serializers.CharField(help_text="In base64.")


class MessageShape(ModelShape):
    """One text, theirs or ours."""

    thread = serializers.UUIDField(source="thread_id", allow_null=True, help_text="Null: there was nobody to text to.")
    number = serializers.SerializerMethodField(help_text="The other person's, E.164; empty without a thread.")
    our_number = serializers.CharField(source="thread.sender.number", default="", allow_blank=True)
    direction = serializers.ChoiceField([one.value for one in Direction])
    state = serializers.ChoiceField([one.value for one in State], help_text="How far ours have come towards Twilio.")
    status = serializers.CharField(allow_blank=True, help_text="Twilio's word for where it is.")
    why = serializers.CharField(allow_blank=True, help_text="What one of ours is for: agent, api, flow, fallback, …")
    purpose = serializers.CharField(allow_blank=True, help_text="What a word stood for: stop, start, help, reply.")
    body = serializers.SerializerMethodField(help_text="Numbers in it may be masked.")
    rule = serializers.CharField(allow_blank=True, help_text="By which rule it was not sent.")
    explanation = serializers.SerializerMethodField(help_text="Why it was not sent, or did not arrive, in words.")
    call = serializers.UUIDField(source="call_id", allow_null=True, help_text="About which it is.")
    conversation = serializers.UUIDField(source="call.conversation", default=None, allow_null=True)
    media = MediaShape(many=True)

    class Meta:
        model = Message
        fields = (
            "id",
            "sid",
            "thread",
            "number",
            "our_number",
            "direction",
            "state",
            "status",
            "why",
            "purpose",
            "body",
            "media_urls",
            "language",
            "rule",
            "error_code",
            "explanation",
            "segments",
            "price",
            "currency",
            "call",
            "conversation",
            "at",
            "not_before",
            "ended_at",
            "media",
        )

    @extend_schema_field(Number())
    def get_number(self, message: Message) -> str:
        field = Number()
        field.bind("number", self)
        return field.to_representation(message.thread.number if message.thread else "")

    @extend_schema_field(serializers.CharField())
    def get_body(self, message: Message) -> str:
        return text_shown_to(self.context["request"].user)(message.body)

    @extend_schema_field(serializers.CharField())
    def get_explanation(self, message: Message) -> str:
        return of_rule(message.rule, message.detail) if message.rule else of_error(message.error_code)


class MessageBody(Shape):
    """A text to somebody. It goes from the queue's number, else from the last one or the standard one."""

    to = Number(help_text="Of whom to text.")
    body = serializers.CharField(max_length=1600, required=False, default="", allow_blank=True, trim_whitespace=False)
    media_urls = serializers.ListField(
        child=serializers.URLField(max_length=1024),
        max_length=MOST_MEDIA,
        required=False,
        default=list,
        help_text="Public addresses from which Twilio fetches pictures.",
    )
    queue = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="The id of a queue, whose agents read the answer."
    )

    class Meta:
        example = {"to": "+15005550120", "body": "Your bicycle is ready."}


class EstimateBody(Shape):
    """A text that is not sent, but measured."""

    to = Number(help_text="Of whom it would be for.")
    body = serializers.CharField(max_length=1600, allow_blank=True, trim_whitespace=False)

    class Meta:
        example = {"to": "+15005550120", "body": "Your bicycle is ready."}


class EstimateShape(Shape):
    """What a text would be billed as."""

    characters = serializers.IntegerField()
    segments = serializers.IntegerField()
    alphabet = serializers.CharField(help_text="GSM-7, or UCS-2 where a character is not in that.")
    culprits = serializers.CharField(allow_blank=True, help_text="The characters for which UCS-2 is needed.")
    price = serializers.DecimalField(max_digits=9, decimal_places=5, allow_null=True)
    currency = serializers.CharField(allow_blank=True)


class ThreadShape(ModelShape):
    """All texts between one number of ours and one person's."""

    sender = SenderRef()
    number = Number()
    queue = QueueOfTexts(allow_null=True)

    class Meta:
        model = Thread
        fields = ("id", "sender", "number", "queue", "language", "began_at", "last_at", "waits_since", "unread")


def _numbered(text: str) -> str:
    return numbers.parse(text, country=settings.DEFAULT_COUNTRY) or text


class MessageFilters(Filters):
    thread = filters.UUIDFilter("thread", label="Of this thread.")
    number = filters.CharFilter(method="of_number", label="From or to this person's number, however it is written.")
    contact = filters.UUIDFilter(method="of_contact", label="From or to a number of this contact.")
    direction = WordFilter(Direction, label="Theirs or ours.")
    state = WordFilter(State, label="How far ours have come towards Twilio.")
    why = WordFilter(Why, label="What ours are for.")
    rule = WordFilter(Rule, label="Not sent by this rule.")
    purpose = WordFilter(Purpose, label="What the word stands for that was texted.")
    call = filters.UUIDFilter("call", label="About this call.")
    conversation = filters.UUIDFilter("call__conversation", label="About a call of this conversation.")
    at_from = MomentFilter("at", "gte", label="Came or was wanted at this moment or later.")
    at_before = MomentFilter("at", "lt", label="Came or was wanted before this moment.")

    class Meta:
        model = Message
        fields = ()

    def of_number(self, rows: QuerySet[Message], _name: str, text: str) -> QuerySet[Message]:
        return rows.filter(thread__number=_numbered(text))

    def of_contact(self, rows: QuerySet[Message], _name: str, contact: Any) -> QuerySet[Message]:
        return rows.filter(thread__number__in=ContactNumber.objects.filter(contact=contact).values("number"))


class ThreadFilters(Filters):
    number = filters.CharFilter(method="of_number", label="The person's number, however it is written.")
    contact = filters.UUIDFilter(method="of_contact", label="With a number of this contact.")
    queue = IdFilter("queue", label="The id of a queue.")
    waiting = filters.BooleanFilter(
        "waits_since", "isnull", exclude=True, label="Whether somebody waits for an answer."
    )
    last_from = MomentFilter("last_at", "gte", label="The last text came or went at this moment or later.")
    last_before = MomentFilter("last_at", "lt", label="The last text came or went before this moment.")

    class Meta:
        model = Thread
        fields = ()

    def of_number(self, rows: QuerySet[Thread], _name: str, text: str) -> QuerySet[Thread]:
        return rows.filter(number=_numbered(text))

    def of_contact(self, rows: QuerySet[Thread], _name: str, contact: Any) -> QuerySet[Thread]:
        return rows.filter(number__in=ContactNumber.objects.filter(contact=contact).values("number"))


class Messages(Asked, Listed, Read, Resource):
    """Texts of the queues that the key's owner sees, theirs and ours, with those that were not sent, and why."""

    scope = "messages"
    scopes = {"estimate": "messages:read"}
    permissions = {
        "list": "messaging.view_message",
        "retrieve": "messaging.view_message",
        "create": reading.SEND,
        "estimate": reading.SEND,
    }
    bodies = {"create": MessageBody, "estimate": EstimateBody}
    answers = {"estimate": EstimateShape}
    queryset = Message.objects.select_related("thread__sender", "call").prefetch_related("media")
    serializer_class = MessageShape
    filterset_class = MessageFilters
    orderings = ("-at",)

    def create(self, _request: Request) -> Response:
        """Send a text. The answer is 422 where a rule does not permit it, and names the rule.

        It is sent soon after the answer; its `state` and `status` tell how it goes.
        """
        asked = self.body()
        queue = None
        if "queue" in asked:
            queue = Queue.objects.visible_to(self.person).filter(pk=asked["queue"]).first()
            if queue is None:
                raise wrong("queue", _("There is no such queue: /queues lists yours."))
        try:
            message = actions.send(
                to=asked["to"],
                body=asked["body"],
                media=asked["media_urls"],
                queue=queue,
                by=self.person,
                why=Why.API,
                at=timezone.now(),
            )
        except actions.NotSent as told:
            if told.message is None:
                raise wrong("body", told.sentence) from None
            raise refused(told.sentence, rule=told.rule.value, message=str(told.message.pk)) from None
        return self.answer(self.get_queryset().get(pk=message.pk))

    @action(detail=False, methods=["post"])
    def estimate(self, _request: Request, **_way: Any) -> Response:
        """Tell what a text would be billed as. Nothing is sent."""
        asked = self.body()
        found = reading.estimate(asked["body"], asked["to"])
        length = found.length
        return self.answer(
            {
                "characters": length.characters,
                "segments": length.segments,
                "alphabet": length.alphabet.value,
                "culprits": length.culprits,
                "price": found.price,
                "currency": found.currency,
            }
        )


class Threads(Listed, Read, Resource):
    """Threads of the queues that the key's owner sees; `/messages?thread=` has what was written."""

    scope = "messages"
    permissions = {"list": "messaging.view_thread", "retrieve": "messaging.view_thread", "finish": reading.SEND}
    queryset = Thread.objects.select_related("sender", "queue")
    serializer_class = ThreadShape
    filterset_class = ThreadFilters
    orderings = ("-last_at",)

    @action(detail=True, methods=["post"])
    def finish(self, _request: Request, **_way: Any) -> Response:
        """Say that a thread needs no answer."""
        thread: Thread = self.get_object()
        try:
            actions.finish(thread.pk, seen_until=thread.last_at)
        except actions.NotWaiting:
            raise conflict(DONE) from None
        return self.answer(self.get_object())


class TextedMedia(Asked, Read, Resource):
    """Pictures and files that people have texted, of the texts that the key's owner sees."""

    scope = "messages"
    scopes = {"content": "messages:look"}
    permissions = {"retrieve": "messaging.view_message", "content": reading.LOOK}
    answers = {"content": MediaContentShape}
    queryset = Media.objects.all()
    serializer_class = MediaShape
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Media]:
        rows: QuerySet[Media] = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return rows.filter(message__in=Message.objects.visible_to(self.person))

    @action(detail=True, methods=["get"])
    def content(self, request: Request, **_way: Any) -> Response:
        """Fetch what was sent. Each look is logged as the key's owner's."""
        media: Media = self.get_object()
        if not media.is_here:
            raise Problem(404, _("It is not in our storage: `state` tells whether it still comes."))
        try:
            content = files.read(media)
        except (StorageFailed, Unreadable):
            logger.exception("Media %s cannot be read from the storage", media.pk)
            raise Problem(500, _("Our storage does not give it now. Ask again later.")) from None
        keeping.note_look(media, by=self.person, address=address_of(request._request), at=timezone.now())
        return self.answer({"content_type": media.content_type, "content": b64encode(content).decode()})
