import json
from pathlib import Path

import pytest

from simulator.twiml import TwimlError, parse

DOCUMENTS = json.loads((Path(__file__).parent / "data" / "twiml-documents.json").read_text())["documents"]


def response(inside: str) -> bytes:
    return f"<Response>{inside}</Response>".encode()


def codes(inside: str) -> list[int]:
    return [found.code for found in parse(response(inside)).violations]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_document_of_twilios_pages_parses(name):
    parse(DOCUMENTS[name].encode())


def test_only_three_of_twilios_documents_break_the_schema():
    broken = {name for name, text in DOCUMENTS.items() if parse(text.encode()).violations}

    assert len(DOCUMENTS) == 167
    assert len(broken) == 3
