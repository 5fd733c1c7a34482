"""What a document is known by: the same draft has the same name, whenever it is looked at. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(document: Mapping[str, Any]) -> str:
    """Name a document by what it says."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
