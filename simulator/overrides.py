"""Connection overrides: what stands after the # of a webhook URL, such as rc=2&rp=5xx,ct."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urldefrag

from simulator.exchanges import Violation, violation

EDGES = {"ashburn", "dublin", "frankfurt", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla"}
POLICIES = {"4xx", "5xx", "ct", "rt", "all"}

RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


@dataclass(frozen=True, slots=True)
class Overrides:
    """How one request is sent: seconds to connect, to read and altogether, retries, and what is retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def retries_after(self, trouble: str) -> bool:
        """Return whether this kind of failure ("ct", "rt", "4xx", "5xx") is worth another try."""
        return trouble in self.retry_on or "all" in self.retry_on


def split(url: str) -> tuple[str, Overrides, list[Violation]]:
    """Return the URL without its fragment, what the fragment asks for, and what is wrong with that."""
    bare, fragment = urldefrag(url)
    overrides, found = Overrides(), list[Violation]()
    for key, value in parse_qsl(fragment, keep_blank_values=True):
        match key:
            case "ct" | "rt" | "tt" | "rc":
                low, high = RANGES[key]
                if not value.isdecimal() or not low <= int(value) <= high:
                    found.append(violation(11240, "warning", f"{key}={value} is not between {low} and {high}"))
                else:
                    overrides = _with_number(overrides, key, int(value))
            case "rp":
                policies = frozenset(value.split(","))
                if policies <= POLICIES:
                    overrides = replace(overrides, retry_on=policies)
                else:
                    found.append(violation(11243, "error", f"rp={value}"))
            case "e":
                unknown = [edge for edge in value.split(",") if edge.removesuffix("-ix") not in EDGES]
                found += [violation(11240, "error", f"e={edge}") for edge in unknown]
            case "sni":
                pass
            case _:
                found.append(violation(11240, "warning", f"{key} is no connection override"))
    return bare, overrides, found


def _with_number(overrides: Overrides, key: str, value: int) -> Overrides:
    match key:
        case "ct":
            return replace(overrides, connect=value / 1000)
        case "rt":
            return replace(overrides, read=value / 1000)
        case "tt":
            return replace(overrides, total=value / 1000)
        case _:
            return replace(overrides, retries=value)
