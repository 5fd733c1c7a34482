"""What a legal hold refuses, as a problem of the API."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from rest_framework.response import Response

from compliance import holds
from rest import problems


def answered(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer as `rest.problems.answered`, and where the database refused for a hold's sake with 409 and a sentence.

    What was done for the request is undone by then, at least to where the refused action began.
    """
    if isinstance(error, IntegrityError) and (hold := holds.holding(error)) is not None:
        error = problems.conflict(holds.Held(hold))
    return problems.answered(error, context)
