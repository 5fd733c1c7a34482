"""What somebody is to hear about recording before they come into a conversation: told, or asked."""

from collections.abc import Sequence

from compliance import reading
from compliance.policies import Facts, Present
from compliance.reading import Owed
from compliance.states import Party
from conferences.models import Conference, Participant
from conferences.room import Role
from telephony import callbacks
from telephony.twiml import Gather, Redirect, Say, Verb

SECONDS = 8  # to press a key after the question
TRIES = 2


def party_of(participant: Participant) -> Party:
    if participant.role == Role.CUSTOMER:
        return Party.CUSTOMER
    return Party.OUTSIDE if participant.agent_id is None else Party.COLLEAGUE


def present(participant: Participant) -> Present:
    """See a participant as the policies do. A colleague is the same person whatever the phone, a customer always."""
    match party_of(participant):
        case Party.CUSTOMER:
            return Present(Party.CUSTOMER)
        case Party.COLLEAGUE if participant.agent_id is not None:
            return Present(Party.COLLEAGUE, participant.agent_id.hex)
        case party:
            return Present(party, participant.label)


def owed(conference: Conference, participant: Participant) -> list[Owed]:
    """Give what a participant is still to hear, in the order in which it is asked.

    Where the customer is yet to be rung, colleagues are told all that may apply: it is written down later.
    """
    if conference.room_id is not None:
        return []
    one = present(participant)
    if conference.customer_id is None:
        told = participant.told_at is not None or one.party is not Party.COLLEAGUE
        return [] if told else reading.foreseen(facts_of(conference), one)
    return reading.owed(conference.customer_id, one)


def facts_of(conference: Conference) -> Facts:
    """Say what policies ask, of a conversation whose customer is yet to be rung."""
    return Facts(**conference.facts) if conference.facts else Facts()


def verbs(participant: Participant, item: Owed, *, tries: int = 0) -> Sequence[Verb]:
    """Tell or ask; either way Twilio comes back for what follows, which proves that it was said."""
    heard = callbacks.document("voice-notice", participant=participant.pk, policy=item.policy.pk, tries=tries)
    said = Say(item.text, language=item.language)
    if not item.asks:
        return (said, Redirect(heard))
    return (Gather(action=heard, prompts=(said,), timeout=SECONDS, num_digits=1), Redirect(heard))
