"""The sounds of prompts in the API: brought and fetched under the hashes of their bytes."""

import base64
import binascii
import io
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ivr.actions import sounds
from ivr.files import folders
from ivr.models import Audio
from ivr.prompts import audio
from rest.filters import Filters
from rest.problems import wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import callbacks

#: a body of the API is held in memory, and its bytes are written with a third more letters
MOST_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 4 * 3 - 4096


class SoundShape(ModelShape):
    """A sound, as it is played on the telephone. What lies under a hash never changes."""

    url = serializers.SerializerMethodField(help_text="Where Twilio fetches it: a WAV file.")

    class Meta:
        model = Audio
        fields = ("sha256", "name", "seconds", "uploaded_at", "url")

    def get_url(self, sound: Audio) -> str:
        return callbacks.plain("prompt", sha256=sound.sha256)


class ContentShape(Shape):
    """The bytes of a sound."""

    content = serializers.CharField(help_text="A WAV file, in base64.")


class SoundBody(Shape):
    """A sound to be kept. Without `sha256` it is made as loud as all others and turned into telephone audio."""

    name = serializers.CharField(max_length=sounds.LONGEST_NAME)
    content = serializers.CharField(help_text=f"MP3, WAV, M4A, OGG or FLAC, in base64; at most {MOST_BYTES} bytes.")
    sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        allow_null=True,
        default=None,
        help_text="Of a sound that was fetched here or elsewhere: it is kept byte for byte, if these are its bytes.",
    )

    class Meta:
        example = {"name": "Chime", "content": "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="}


class SoundFilters(Filters):
    name = filters.CharFilter(label="The whole name.")

    class Meta:
        model = Audio
        fields = ("name",)


class Sounds(Listed, Read, Resource):
    """Sounds that prompts play. A flow's file names them by their hashes: bring them first."""

    scope = "flows"
    permissions = {
        **dict.fromkeys(("list", "retrieve", "content"), "ivr.view_audio"),
        "create": "ivr.add_audio",
    }
    bodies = {"create": SoundBody}
    answers = {"content": ContentShape}
    queryset = Audio.objects.all()
    serializer_class = SoundShape
    filterset_class = SoundFilters
    orderings = ("-uploaded_at",)
    lookup_field = "sha256"
    lookup_value_regex = "[0-9a-f]{64}"

    @action(detail=True, methods=["get"])
    def content(self, _request: Request, **_way: Any) -> Response:
        """Fetch its bytes. The same bytes are at its `url`, without base64."""
        return self.answer({"content": base64.b64encode(folders.content_of(self.get_object())).decode()})

    def create(self, _request: Request) -> Response:
        """Keep a sound. One whose bytes are here already is answered with, and keeps its name."""
        body = self.body()
        try:
            content = base64.b64decode(body["content"], validate=True)
        except (binascii.Error, ValueError):
            raise wrong("content", _("This is no base64.")) from None
        try:
            sound = audio.kept(content) if body["sha256"] else audio.telephone(io.BytesIO(content))
        except audio.NotUsable as refusal:
            raise wrong("content", refusal) from None
        if body["sha256"] and sound.sha256 != body["sha256"]:
            raise wrong("sha256", _("These are other bytes: their hash is %(hash)s.") % {"hash": sound.sha256})
        return self.answer(sounds.keep(sound, name=body["name"], at=timezone.now()))
