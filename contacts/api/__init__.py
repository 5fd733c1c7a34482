"""Contacts and the ledger of opt-outs in the API: what the pages of the admin can do, by the same actions."""

from contacts.api.contacts import Contacts
from contacts.api.optouts import OptOuts, Systems

__all__ = ["Contacts", "OptOuts", "Systems"]
