"""Files of people, as text."""

from agents.exchange import sheet


def read(text):
    return sheet.read(text.encode(), country="US")
