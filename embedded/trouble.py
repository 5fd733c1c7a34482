"""What a person has to be told in one sentence before we give up."""


class Trouble(Exception):
    """Something outside this program is in the way; the message says what and how to mend it."""
