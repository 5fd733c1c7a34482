"""Flows in the API: drafts and versions as files, what is on its way to callers, sounds, and lines."""

from ivr.api.flows import Flows, Lines, Versions
from ivr.api.releases import Releases
from ivr.api.sounds import Sounds

__all__ = ["Flows", "Lines", "Releases", "Sounds", "Versions"]
