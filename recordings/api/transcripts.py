"""What was said, in the API: searched as on the page, and read; always redacted, and every look logged."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import Asked
from calls.ends import text_shown_to
from compliance.origin import address_of
from compliance.states import Subject
from recordings import actions, rights
from recordings.actions import Listener
from recordings.api.recordings import REASON_NEEDED, VIEW
from recordings.models import Recording, Transcript
from recordings.rights import Standing
from recordings.search import reading
from recordings.search.form import SearchForm, sentence
from recordings.search.reading import Place
from recordings.search.words import Unclear
from rest.fields import Moment
from rest.problems import Problem, wrong
from rest.serializers import Shape
from rest.views import Resource


class SearchQuery(Shape):
    """What is looked for."""

    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=1000,
        help_text='Words, all of which were said; "a phrase" in quotation marks; two words near each other, as in '
        "flat NEAR tire; what was not said, as in -bell.",
    )
    queue = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1, help_text="The id of a queue.")
    agent = serializers.UUIDField(required=False, help_text="The id of an agent.")
    since = serializers.DateField(required=False, help_text="The first day, in the time zone of the server.")
    until = serializers.DateField(required=False, help_text="The last day.")
    number = serializers.CharField(required=False, max_length=40, help_text="A whole number, however it is written.")
    subject = serializers.ChoiceField([one.value for one in Subject], required=False, help_text="What is heard in it.")
    language = serializers.CharField(required=False, max_length=16, help_text="Such as `en`.")
    cursor = serializers.CharField(required=False, max_length=120, help_text="`next` of the page before.")


class LineShape(Shape):
    """A line of what was said."""

    start = serializers.FloatField(help_text="Seconds from the beginning.")
    speaker = serializers.CharField()
    text = serializers.CharField()


class FoundShape(Shape):
    """A transcript that was found, with the lines that show why; none where a reason must be given first."""

    recording = serializers.UUIDField(source="recording.pk")
    call = serializers.UUIDField(source="recording.call_id", allow_null=True)
    recorded_at = Moment(source="transcript.recorded_at")
    subject = serializers.ChoiceField([one.value for one in Subject], source="recording.subject")
    language = serializers.CharField(source="transcript.language")
    needs_reason = serializers.BooleanField()
    lines = LineShape(many=True)


class FoundPageShape(Shape):
    """What was found, newest first."""

    items = FoundShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="The `cursor` of the next page; null on the last one.")


class SegmentShape(LineShape):
    """A sentence or so of one speaker."""

    end = serializers.FloatField(help_text="Seconds from the beginning.")


class TranscriptShape(Shape):
    """What was said in one recording, redacted."""

    recording = serializers.UUIDField(source="recording_id")
    language = serializers.CharField()
    provider = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    made_at = Moment()
    segments = SegmentShape(many=True)


class ReadQuery(Shape):
    """Why it is read."""

    reason = serializers.CharField(
        required=False,
        min_length=5,
        max_length=255,
        help_text="Needed for what came from a sensitive queue; it is logged.",
    )


class Transcripts(Asked, Resource):
    """What was said, redacted: searched, and read by the id of its recording. Every look at it is logged."""

    scope = "transcripts"
    permissions = {"search": "recordings.listen", "retrieve": VIEW}
    queries = {"search": SearchQuery, "retrieve": ReadQuery}
    answers = {"search": FoundPageShape}
    queryset = Recording.objects.all()
    serializer_class = TranscriptShape
    lookup_url_kwarg = "recording"

    def permissions_needed(self) -> tuple[str, ...]:
        """Members of a mailbox search in it, as on the page, without the permission to listen."""
        needed = super().permissions_needed()
        return (VIEW,) if self.action == "search" and reading.may_search(self.request.user) else needed

    def get_queryset(self) -> QuerySet[Recording]:
        rows: QuerySet[Recording] = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return rows.filter(rights.seen_by(self.person))

    @action(detail=False, methods=["get"])
    def search(self, request: Request) -> Response:
        """Search in what was said. Without words the newest come, as far as the filters let them through."""
        asked, at = self.query(), timezone.now()
        cursor = asked.pop("cursor", "")
        after = Place.read(cursor) if cursor else None
        if cursor and after is None:
            raise wrong("cursor", _("Take it, unchanged, from `next` of the page before."))
        form = SearchForm({"q": "", **asked}, user=self.person)
        if not form.is_valid():
            raise serializers.ValidationError({name: list(map(str, told)) for name, told in form.errors.items()})
        filters = form.filters
        try:
            page = reading.page(self.person, form.wanted, filters, after=after, at=at)
        except Unclear as unclear:
            raise wrong("q", sentence(unclear)) from None
        listener = Listener(self.person, address_of(request._request))
        actions.note_search(page, form.cleaned_data["q"], filters, listener=listener, at=at)
        return self.answer({"items": page.results, "next": str(page.after) if page.after else None})

    def retrieve(self, request: Request, **_way: Any) -> Response:
        """Read what was said in a recording."""
        recording, reason, at = self.get_object(), self.query().get("reason", ""), timezone.now()
        hearing = rights.hearing(self.person, recording, at=at)
        if hearing.standing is Standing.REFUSED:
            raise Problem(403, _("You may know of this recording, and not read what was said."))
        if hearing.standing is Standing.REASON and not reason:
            raise wrong("reason", REASON_NEEDED)
        current = Transcript.objects.filter(recording=recording, is_current=True, redacted_at__isnull=False)
        transcript = current.defer("original", "text", "search").first()
        if transcript is None:
            raise Problem(404, _("There is no transcript of it, or not yet."))
        listener = Listener(self.person, address_of(request._request), reason=reason or hearing.reason)
        actions.note_read(recording, transcript, listener=listener, at=at)
        hide = text_shown_to(self.person)
        transcript.segments = [one | {"text": hide(one["text"])} for one in transcript.segments]
        return self.answer(transcript)
