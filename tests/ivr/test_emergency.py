import threading
from pathlib import Path
from typing import Any

import pytest

from ivr import emergency
from ivr.apology import Emergency
from telephony.payloads import VoiceRequest
from telephony.twiml import render
from tests.telephony.schema import violations

LINE = "+15005550100"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "not there yet"
    return tmp_path / "not there yet"


def answer(known: Emergency, caller: str = "+14155550123") -> str:
    emergency.remember({LINE: known})
    return render(emergency.answer(VoiceRequest(from_number=caller, to_number=LINE)))


def test_the_sentence_is_said_and_the_call_ends() -> None:
    said = answer(Emergency("Sorry & goodbye.", language="es-US", voice="Polly.Lupe-Neural"))

    assert violations(said) == []
    assert "Sorry &amp; goodbye." in said
    assert 'voice="Polly.Lupe-Neural"' in said
    assert said.endswith("<Hangup/></Response>")


def test_the_forwarding_number_is_rung_after_the_sentence_in_the_callers_name() -> None:
    said = answer(Emergency("Sorry.", forward_to="+14155550111"))

    assert violations(said) == []
    assert said.index("Sorry.") < said.index("<Dial") < said.index("+14155550111") < said.index("<Hangup/>")
    assert "callerId" not in said


@pytest.mark.parametrize("caller", ["client:ann", "sip:ann@company.example", "anonymous", ""])
def test_a_caller_without_a_number_is_forwarded_in_the_name_of_the_line(caller: str) -> None:
    said = answer(Emergency("Sorry.", forward_to="+14155550111"), caller)

    assert violations(said) == []
    assert f'callerId="{LINE}"' in said


def test_a_line_has_its_own_all_others_that_of_the_star_and_without_one_there_is_a_last_resort() -> None:
    assert emergency.find(LINE) == Emergency()
    emergency.remember({"*": Emergency("All others.")})
    assert emergency.find(LINE) == Emergency("All others.")
    emergency.remember({"*": Emergency("All others."), LINE: Emergency("This line.")})
    assert emergency.find(LINE) == Emergency("This line.")
    assert emergency.find("anonymous") == Emergency("All others.")


def test_a_sip_line_is_found_as_it_is_when_all_is_well() -> None:
    emergency.remember({"sip:desk@company.example": Emergency("The desk.")})

    assert emergency.find("sip:desk@Company.example:5061;transport=tls") == Emergency("The desk.")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"+15005550100": {"txt": "x"}}', '{"+15005550100": 1}', "\x00\xff"])
def test_a_broken_file_leaves_the_last_resort_and_is_written_over(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "emergency.json").write_text(text, encoding="latin-1")

    assert emergency.find(LINE) == Emergency()

    emergency.remember({LINE: Emergency("Sorry, señora.")})

    assert emergency.find(LINE) == Emergency("Sorry, señora.")


def test_what_is_the_same_is_not_written_again(folder: Path) -> None:
    emergency.remember({LINE: Emergency("Sorry.")})
    before = (folder / "emergency.json").stat()

    emergency.remember({LINE: Emergency("Sorry.")})

    assert (folder / "emergency.json").stat().st_ino == before.st_ino


def test_every_process_on_the_machine_may_read_it(folder: Path) -> None:
    emergency.remember({LINE: Emergency("Sorry.")})

    assert (folder / "emergency.json").stat().st_mode & 0o777 in (0o644, 0o640, 0o600)
    assert [path.name for path in folder.iterdir()] == ["emergency.json"]


def test_who_reads_while_it_is_written_reads_the_old_or_the_new() -> None:
    long = "Sorry. " * 5000
    emergency.remember({LINE: Emergency("a" + long)})
    found: set[str] = set()
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            found.add(emergency.find(LINE).text[:1])

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(30):
        emergency.remember({LINE: Emergency("ab"[turn % 2] + long)})
    over.set()
    reader.join()

    assert found <= {"a", "b"}
    assert emergency.find(LINE).text[:1] == "b"


def test_what_cannot_be_written_leaves_nothing_behind(folder: Path) -> None:
    (folder / "emergency.json" / "in the way").mkdir(parents=True)

    with pytest.raises(OSError):
        emergency.remember({LINE: Emergency("Sorry.")})

    assert [path.name for path in folder.iterdir()] == ["emergency.json"]
