import pytest

from ivr import lines


@pytest.mark.parametrize(
    ("called", "address"),
    [
        ("+15005550100", "+15005550100"),
        (" +15005550100", "+15005550100"),
        ("client:desk", "client:desk"),
        ("sip:desk@company.example", "sip:desk@company.example"),
        ("sip:desk@Company.Example:5061;transport=tls", "sip:desk@company.example"),
        ("sips:Desk@company.example?x=1", "sip:Desk@company.example"),
        ("SIP:desk@company.example", "sip:desk@company.example"),
        ("", ""),
        ("anonymous", "anonymous"),
    ],
)
def test_an_address_is_looked_up_as_lines_are_written(called: str, address: str) -> None:
    assert lines.address(called) == address
