"""Texts, what came with them, and what is said by itself."""

from messaging.models.keyword import Keyword
from messaging.models.line_type import LineType
from messaging.models.media import Media, Removal
from messaging.models.message import Message
from messaging.models.rule import FallbackRule
from messaging.models.thread import Sender, Thread

__all__ = ["FallbackRule", "Keyword", "LineType", "Media", "Message", "Removal", "Sender", "Thread"]
