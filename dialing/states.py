"""What is dialed for, and the rules by which a number is not dialed. Pure."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why a number outside is rung."""

    CALLBACK = "callback"  # asked for in a queue
    RETURN = "return"  # of a message, or of a call that was missed
    CLICK = "click"  # an agent calls somebody
    FLOW = "flow"  # somebody is called who walks a flow
    TRANSFER = "transfer"  # somebody is asked into a conversation, at a number that an agent has typed


# Calls to the person whom the business is about, as against colleagues elsewhere who are asked into a conversation.
TO_CUSTOMERS = frozenset({Purpose.CALLBACK, Purpose.RETURN, Purpose.CLICK, Purpose.FLOW})


class Rule(StrEnum):
    """Why a number is not dialed; looked at in this order, and the first that forbids it counts."""

    NO_NUMBER = "no-number"
    EMERGENCY = "emergency"
    PREMIUM = "premium"
    OWN = "own"
    COUNTRY = "country"
    DO_NOT_CALL = "do-not-call"
    HOURS = "hours"
    NUMBER_PER_HOUR = "number-per-hour"
    NUMBER_PER_DAY = "number-per-day"
    ATTEMPTS = "attempts"
    PER_HOUR = "per-hour"
    PER_DAY = "per-day"
    SPEND_PER_DAY = "spend-per-day"
    SPEND_PER_MONTH = "spend-per-month"


# What is no different tomorrow: whoever wants to be called at such a number hears so at once.
LASTING = frozenset({Rule.NO_NUMBER, Rule.EMERGENCY, Rule.PREMIUM, Rule.OWN, Rule.COUNTRY, Rule.DO_NOT_CALL})
