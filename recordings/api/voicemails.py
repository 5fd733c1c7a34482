"""Voicemails in the API: what lies in mailboxes, whose work it is, and that it is done."""

from collections.abc import Callable
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

from agents.actions import Busy
from agents.api import Asked
from agents.models import Agent, User
from calls.ends import text_shown_to
from compliance.origin import address_of
from queues.actions.callbacks import NotCallable
from recordings import actions, rights, worklist
from recordings.actions import Listener
from recordings.actions.working import WORK
from recordings.models import Mailbox, Voicemail
from recordings.models.mailbox import VoicemailQuerySet
from recordings.said import said, with_what_was_said
from recordings.states import VoicemailStatus
from recordings.worklist import Seen, number_of
from rest.fields import MomentFilter
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import conflict, refused, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import numbers
from telephony.fields import Number

VIEW = "recordings.view_voicemail"


class MailboxRef(ModelShape):
    """A mailbox, by id and name."""

    class Meta:
        model = Mailbox
        fields = ("id", "name")


class VoicemailShape(ModelShape):
    """A message that waits for a person."""

    mailbox = MailboxRef()
    call = serializers.UUIDField(source="call_id", allow_null=True)
    conversation = serializers.UUIDField(source="call.conversation", default=None, allow_null=True)
    recording = serializers.UUIDField(source="recording_id", help_text="Its sound: /recordings/{id}/link.")
    number = serializers.SerializerMethodField(help_text="Of who left it, E.164; empty where nobody knows it.")
    seconds = serializers.IntegerField(source="recording.seconds", allow_null=True)
    status = serializers.ChoiceField([one.value for one in VoicemailStatus])
    taken_by = serializers.CharField(
        source="taken_by.username", default=None, allow_null=True, help_text="Whose work it is, or was."
    )
    text = serializers.SerializerMethodField(
        help_text="What was said, redacted; empty where there is no transcript, or it may not be read. It is logged "
        "that it was shown."
    )

    class Meta:
        model = Voicemail
        fields = (
            "id",
            "mailbox",
            "call",
            "conversation",
            "recording",
            "number",
            "seconds",
            "language",
            "status",
            "taken_by",
            "left_at",
            "done_at",
            "text",
        )
        expandable = ("text",)

    @extend_schema_field(Number())
    def get_number(self, voicemail: Voicemail) -> str:
        field = Number()
        field.bind("number", self)
        return field.to_representation(number_of(voicemail))

    @extend_schema_field(serializers.CharField())
    def get_text(self, voicemail: Any) -> str:
        if not voicemail.is_audible or voicemail.is_sensitive:
            return ""
        return text_shown_to(self.context["request"].user)(said(voicemail).text)


class AssignBody(Shape):
    """Whose work it becomes."""

    to = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The id of an account: `user` of /agents."
    )

    class Meta:
        example = {"to": 7}


class VoicemailFilters(Filters):
    mailbox = IdFilter("mailbox", label="The id of a mailbox.")
    status = WordFilter(VoicemailStatus, label="How far it was dealt with.")
    open = filters.BooleanFilter(method="opened", label="Whether it is still to be done.")
    taken_by = filters.CharFilter("taken_by__username", label="The log-in of whose work it is.")
    taken = filters.BooleanFilter("taken_by", "isnull", exclude=True, label="Whether somebody looks after it.")
    number = filters.CharFilter(method="of_number", label="Of who left it, however it is written.")
    call = filters.UUIDFilter("call", label="The id of a call.")
    left_from = MomentFilter("left_at", "gte", label="Left at this moment or later.")
    left_before = MomentFilter("left_at", "lt", label="Left before this moment.")

    class Meta:
        model = Voicemail
        fields = ("mailbox", "status", "open", "taken_by", "taken", "number", "call", "left_from", "left_before")

    def opened(self, rows: QuerySet[Voicemail], _name: str, is_open: bool) -> QuerySet[Voicemail]:
        done = VoicemailStatus.DONE
        return rows.exclude(status=done) if is_open else rows.filter(status=done)

    def of_number(self, rows: Any, _name: str, text: str) -> QuerySet[Voicemail]:
        found: QuerySet[Voicemail] = rows.left_by(numbers.parse(text, country=settings.DEFAULT_COUNTRY) or text)
        return found


class Voicemails(Asked, Listed, Read, Resource):
    """Messages in the mailboxes of which the key's owner is a member, or all, with the permission for that.

    Work is done caller by caller: whatever is done about one message is done about all that the same number has left in
    the same mailbox by now.
    """

    scope = "voicemails"
    permissions = {"list": VIEW, "retrieve": VIEW} | dict.fromkeys(
        ("claim", "release", "assign", "finish", "reopen", "call_back"), WORK
    )
    bodies = {"assign": AssignBody}
    statuses = {"call_back": 202}
    queryset = Voicemail.objects.select_related("mailbox", "call", "recording", "taken_by")
    serializer_class = VoicemailShape
    filterset_class = VoicemailFilters
    orderings = ("-left_at",)
    expansions = {"text": ()}

    def get_queryset(self) -> QuerySet[Voicemail]:
        rows: VoicemailQuerySet = super().get_queryset()  # type: ignore[assignment]  # of this model
        if getattr(self, "swagger_fake_view", False) or "text" not in self.expanded():
            return rows
        return rights.judged(with_what_was_said(rows), self.person, "recording__")

    def paginate_queryset(self, queryset: Any) -> Any:
        page: Any = super().paginate_queryset(queryset)
        self._note(page)
        return page

    def get_object(self) -> Voicemail:
        voicemail: Voicemail = super().get_object()
        self._note([voicemail])
        return voicemail

    def _note(self, shown: list[Any]) -> None:
        """Log that what was said was shown, where it was asked for and may be."""
        if "text" not in self.expanded():
            return
        readable = [said(one).transcript for one in shown if one.is_audible and not one.is_sensitive]
        listener = Listener(self.person, address_of(self.request._request))
        actions.note_listed([one for one in readable if one is not None], listener=listener, at=timezone.now())

    @action(detail=True, methods=["post"])
    def claim(self, _request: Request, **_way: Any) -> Response:
        """Make it one's own work. The answer is 409 where it is somebody else's."""
        return self._press(lambda seen: actions.take(seen, by=self.person))

    @action(detail=True, methods=["post"])
    def release(self, _request: Request, **_way: Any) -> Response:
        """Give it back to everybody."""
        return self._press(actions.release)

    @action(detail=True, methods=["post"])
    def assign(self, _request: Request, **_way: Any) -> Response:
        """Make it somebody's work, be it another's now."""
        to = User.objects.filter(pk=self.body()["to"], is_active=True).first()
        if to is None:
            raise wrong("to", _("There is no such account: `user` of /agents has their ids."))
        return self._press(lambda seen: actions.assign(seen, to=to))

    @action(detail=True, methods=["post"])
    def finish(self, _request: Request, **_way: Any) -> Response:
        """Mark it as done, as one's own work."""
        return self._press(lambda seen: actions.finish(seen, by=self.person, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def reopen(self, _request: Request, **_way: Any) -> Response:
        """Undo that it was marked as done; whose it was it is again."""
        return self._press(actions.reopen)

    @action(detail=True, methods=["post"], url_path="call-back")
    def call_back(self, _request: Request, **_way: Any) -> Response:
        """Call back who left it: the phone of the key's owner rings first, then the number."""
        agent = Agent.objects.observed().filter(user=self.person).first()
        if agent is None:
            raise conflict(_("The owner of the key is no agent, so has no phone to be rung."))
        return self._press(lambda seen: actions.call_back(seen, agent=agent, at=timezone.now()))

    def _press(self, act: Callable[[Seen], Any]) -> Response:
        voicemail = self.get_object()
        row = worklist.row_of(self.person, voicemail, at=timezone.now())
        if row is None:
            raise conflict(_("It is gone, or was done meanwhile. Read it again."))
        try:
            act(Seen(voicemail, row.last_at, frozenset(one.pk for one in row.holders)))
        except actions.Taken as taken:
            raise conflict(
                _("%(who)s looks after it. Assign it to yourself to take it over.") % {"who": taken}
            ) from None
        except actions.BeingCalled as busy:
            raise conflict(_("%(who)s is calling that number right now.") % {"who": busy}) from None
        except actions.NoPhone:
            raise conflict(_("You have no phone that can ring now: open your desk.")) from None
        except Busy:
            raise conflict(_("You are on a call, or are being rung.")) from None
        except actions.Settled as how:
            raise conflict(how) from None
        except (actions.NotAMember, NotCallable) as reason:
            raise refused(reason) from None
        return self.answer(self.get_object())
