"""What a caller hears when the flow cannot be: told from a file, so that it needs neither database nor broker.

The file is written at each change of a line and each minute by a task; every process reads it again when it changes.
"""

import json
import logging
import tempfile
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from ivr import apology
from ivr.apology import Emergency
from telephony.payloads import VoiceRequest
from telephony.twiml import Hangup, Verb

logger = logging.getLogger(__name__)


def answer(request: VoiceRequest) -> tuple[Verb, ...]:
    """Say the sentence of the line that was called, then ring its forwarding number or hang up.

    Whom we have called is let go: they wanted nothing of us.
    """
    if request.direction.startswith("outbound-api"):
        return (Hangup(),)
    return apology.verbs(find(request.to_number), called=request.to_number, caller=request.from_number)


def find(address: str) -> Emergency:
    """Give the emergency of the line at `address`, else that of `*`, else a last resort. Never raises."""
    return apology.find(_remembered(), address)


def remember(known: dict[str, Emergency]) -> None:
    """Write the emergencies of all lines where every process of this machine reads them."""
    path = _path()
    content = json.dumps({address: asdict(emergency) for address, emergency in sorted(known.items())}).encode()
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            Path(file.name).replace(path)  # a reader sees the old text or the new one, never half of it
        except OSError:  # such as a full disk, each minute again
            Path(file.name).unlink(missing_ok=True)
            raise


def _path() -> Path:
    return Path(settings.DATA_DIR) / "emergency.json"


def _remembered() -> dict[str, Emergency]:
    path = _path()
    try:
        stamp = path.stat()
        return _read(path, stamp.st_mtime_ns, stamp.st_ino)
    except (OSError, ValueError, TypeError, AttributeError) as error:  # gone, or not what we wrote
        logger.warning("no emergency texts to read: %s", type(error).__name__)
        return {}


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int) -> dict[str, Emergency]:
    return {address: Emergency(**fields) for address, fields in json.loads(path.read_bytes()).items()}
