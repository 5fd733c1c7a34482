"""What the log of access says, in words for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.states import Access

ACTIONS: dict[str, Promise | str] = {
    Access.PLAYED: gettext_lazy("asked for sound"),
    Access.HEARD: gettext_lazy("heard"),
    Access.DOWNLOADED: gettext_lazy("downloaded"),
    Access.READ: gettext_lazy("read the transcript"),
    Access.READ_ORIGINAL: gettext_lazy("read the original transcript"),
    Access.HEARD_ORIGINAL: gettext_lazy("heard the original"),
    Access.SHARED: gettext_lazy("shared by a link"),
    Access.UNSHARED: gettext_lazy("took a link back"),
    Access.SEARCHED: gettext_lazy("searched"),
    Access.EXPORTED: gettext_lazy("exported"),
    Access.DELETED: gettext_lazy("deleted"),
    Access.HELD: gettext_lazy("placed a hold"),
    Access.RELEASED: gettext_lazy("lifted a hold"),
    Access.ERASED: gettext_lazy("erased"),
    Access.LOOKED: gettext_lazy("looked at what was texted"),
}


def clock(seconds: int) -> str:
    """Write seconds as a clock does: 0:07, 12:30, 1:02:03."""
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def stretch(detail: Mapping[str, Any]) -> str:
    """Tell which part of a sound an entry is about, in minutes; nothing where it is about none."""
    match detail:
        case {"seconds": [int(start), int(end)], "of": int(whole)}:
            return _("%(start)s to %(end)s of %(whole)s") % {
                "start": clock(start),
                "end": clock(end),
                "whole": clock(whole),
            }
        case {"seconds": [int(start), int(end)]}:
            return _("%(start)s to %(end)s") % {"start": clock(start), "end": clock(end)}
    return ""
