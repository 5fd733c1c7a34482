"""Texts in the admin: threads, every text with what became of it, and what is said by itself."""

from messaging.admin import reading, set_up

__all__ = ["reading", "set_up"]
