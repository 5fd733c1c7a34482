"""Bodies are JSON, of a size that fits into memory, with no text that the database could not keep."""

import json
import re
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from rest.problems import Problem

NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # and not a backslash that was written, with these letters behind it


class Json(BaseParser):
    """Reads a body. Raises a Problem for one that is too large, and ParseError for what is no JSON to be kept."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], _media_type: Any = None, _context: Any = None) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise Problem(413, _("A body may have %(most)d bytes. Send less at once.") % {"most": most})
        try:
            data = json.loads(raw.decode(), parse_constant=_refuse)
            written = json.dumps(data, ensure_ascii=False)
            written.encode()  # half of a character outside the basic plane cannot be written
        except (ValueError, RecursionError) as flaw:
            raise ParseError(_("The body cannot be read as JSON: %(flaw)s") % {"flaw": _first_line(flaw)}) from None
        if NUL.search(written):
            raise ParseError(_("Text with the character NUL cannot be kept. Leave it out."))
        return data


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _first_line(flaw: Exception) -> str:
    return "it is too deep" if isinstance(flaw, RecursionError) else str(flaw).partition("\n")[0][:200]
