"""How spans of time and TwiML are written on the page of a call."""

from datetime import timedelta
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.minidom import parseString
from django import template

register = template.Library()


@register.filter
def clock(span: timedelta | None) -> str:
    """Write a span as a clock does: 0:07, 12:30, 1:02:03."""
    if span is None:
        return ""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def spelled(span: timedelta | None) -> str:
    """Write a span in words: 7 s, 2 min 5 s, 1 h 2 min."""
    if span is None:
        return ""
    whole = int(span.total_seconds())
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours} h {minutes} min"
    if minutes:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    return f"{seconds} s"


@register.filter
def indented(twiml: str) -> str:
    """Write TwiML one element to a line; what is no XML stays as it is."""
    try:
        root = parseString(twiml).documentElement
    except (ExpatError, DefusedXmlException):
        return twiml
    return root.toprettyxml(indent="  ").strip() if root else twiml
