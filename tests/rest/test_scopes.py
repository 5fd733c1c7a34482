import pytest

from rest import scopes


@pytest.mark.parametrize(
    ("granted", "needed", "covered"),
    [
        (["calls:read"], "calls:read", True),
        (["calls:read"], "calls:write", False),
        (["calls:write"], "calls:write", True),
        (["calls:write"], "calls:read", False),
        (["calls:write"], "calls:place", True),
        (["calls:place"], "calls:place", True),
        (["calls:place"], "calls:write", False),
        (["queues:write"], "calls:place", False),
        ([], "calls:read", False),
    ],
)
def test_a_scope_covers_itself_and_writing_covers_each_single_write(granted, needed, covered):
    assert scopes.covers(granted, needed) is covered


def test_pages_make_their_scopes_known():
    scopes.make_known("test-things:read", "test-things:read")

    assert scopes.known().count("test-things:read") == 1
