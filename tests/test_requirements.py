"""The pinned requirements say what to install and never from where."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
PINNED = sorted(REQUIREMENTS.glob("*.txt"))
WANTED = sorted(REQUIREMENTS.glob("*.in"))
ADDRESS = re.compile(r"https?://([^/\s]+)")
PYPI = {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize("file", [*PINNED, *WANTED], ids=lambda file: file.name)
@pytest.mark.parametrize("word", ["index-url", "find-links", "trusted-host", "file:", "no-index"])
def test_requirements_name_no_index_and_no_folder_of_a_machine(file, word):
    assert word not in file.read_text()


@pytest.mark.parametrize("file", [*PINNED, *WANTED], ids=lambda file: file.name)
def test_requirements_name_no_host_but_those_of_pypi(file):
    assert set(ADDRESS.findall(file.read_text())) <= PYPI


@pytest.mark.parametrize("file", PINNED, ids=lambda file: file.name)
def test_everything_resolved_is_pinned_to_one_version_with_hashes(file):
    entries = re.split(r"\n(?=\S)", file.read_text().replace("\\\n", " ").strip())

    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_each_wanted_file_has_its_pinned_one():
    assert [file.stem for file in WANTED] == [file.stem for file in PINNED]


def test_the_bigger_sets_pin_what_the_smaller_ones_pin():
    pins = {file.stem: set(re.findall(r"^(\S+==\S+)", file.read_text(), re.MULTILINE)) for file in PINNED}

    assert pins["base"] <= pins["embedded"] <= pins["dev"]


def test_what_speech_adds_changes_no_pin_of_the_others():
    pins = {
        file.stem: dict(re.findall(r"^([a-z0-9-]+)(?:\[\S+\])?==(\S+)", file.read_text(), re.MULTILINE))
        for file in PINNED
    }

    for name in ("embedded", "dev"):
        shared = pins["speech"].keys() & pins[name].keys()
        assert shared
        assert {one: pins["speech"][one] for one in shared} == {one: pins[name][one] for one in shared}
