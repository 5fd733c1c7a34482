"""People: their log-ins and roles, the agents with teams and skills, and how the agents stood."""

from agents.admin import accounts, people, presence

__all__ = ["accounts", "people", "presence"]
