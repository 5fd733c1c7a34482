import inspect
from typing import get_args

from ivr.actions.requests import carry_out
from ivr.kinds.requests import Request


def test_every_request_has_somebody_who_carries_it_out():
    carried_out = inspect.getsource(carry_out)

    assert [kind.__name__ for kind in get_args(Request) if f"case {kind.__name__}()" not in carried_out] == []
