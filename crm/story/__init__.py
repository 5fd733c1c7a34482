"""What there was with a person, in the order in which it was: of one conversation, and of a contact, page by page.

The rows of many packages, told in a few words each. Who reads sees here what their role sees on the pages of those
packages: numbers masked or not, recordings that they may know of, orders and callbacks of their queues.
"""

from crm.story.entries import Entry, Kind
from crm.story.telling import NotACursor, Page, Story, of_contact, of_conversation

__all__ = ["Entry", "Kind", "NotACursor", "Page", "Story", "of_contact", "of_conversation"]
