"""Made-up callers in the place of real ones. Pure."""

from collections.abc import Collection
from dataclasses import replace

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from ivr.kinds.known import KnownCaller

KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
#: of the range that is kept free for examples
ANYWHERE = "+12015550123"
#: in place of a contact's id, where it is made up
NOBODY = "made up"


def made_up(like: str) -> str:
    """Give the number that stands for any of the same country and kind in examples."""
    try:
        parsed = phonenumbers.parse(like)
    except phonenumbers.NumberParseException:
        return ANYWHERE
    region = phonenumbers.region_code_for_number(parsed) or "US"
    kind = phonenumbers.number_type(parsed)
    for wanted in (kind, *KINDS):
        example = phonenumbers.example_number_for_type(region, wanted)
        if example is not None:
            return phonenumbers.format_number(example, PhoneNumberFormat.E164)
    return ANYWHERE


def somebody(like: KnownCaller, *, decisive: Collection[str]) -> KnownCaller:
    """Give nobody in particular whom flows treat alike: the attributes that are `decisive` stay as they are."""
    attributes = {name: value if name in decisive else "something" for name, value in like.attributes.items()}
    return replace(like, contact=NOBODY, name="Somebody", attributes=attributes, matches=1)
