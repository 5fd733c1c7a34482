"""Conversations in the API: who is in them and how, and what may be done, by their agents and by who supervises."""

from conferences.api.conversations import Conferences
from conferences.api.people import Participants
from conferences.api.pressing import Pressing, pressed
from conferences.api.shapes import Acting

__all__ = ["Acting", "Conferences", "Participants", "Pressing", "pressed"]
