"""One failing example of each rule, with the sentence that the person reads."""

from tests.ivr.problems import of_documents, of_settings, of_surroundings, of_ways
from tests.ivr.problems.making import Case

CASES: dict[str, Case] = {
    **of_documents.CASES,
    **of_settings.CASES,
    **of_surroundings.CASES,
    **of_ways.CASES,
}
