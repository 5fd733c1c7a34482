"""What is known of who calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """The contact that counts for the number which calls; `matches` contacts have it."""

    contact: str
    name: str = ""
    language: str = ""
    is_vip: bool = False
    is_blocked: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    matches: int = 1
