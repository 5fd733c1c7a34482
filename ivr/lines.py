"""Which line an address belongs to. Pure."""


def address(called: str) -> str:
    """Give the called address in the form in which lines are written: E.164 as it is, SIP without port and parameters.

    >>> address("sip:desk@company.sip.twilio.com:5061;transport=tls")
    'sip:desk@company.sip.twilio.com'
    """
    scheme, colon, rest = called.partition(":")
    if scheme.lower() not in {"sip", "sips"} or not colon:
        return called.strip()
    user, _at, host = rest.partition("@")
    return f"sip:{user}@{host.partition(';')[0].partition('?')[0].partition(':')[0].lower()}"
