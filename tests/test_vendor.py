"""What browsers get from npm packages is what is pinned, and nothing else lies beside it."""

import hashlib
import importlib.machinery
import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def load(path):
    loader = importlib.machinery.SourceFileLoader("vendor", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("vendor", loader))
    sys.modules["vendor"] = module  # dataclasses look themselves up
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


vendor = load(ROOT / "bin" / "vendor")


@pytest.mark.parametrize(
    ("package", "file"),
    [(package, file) for package in vendor.PACKAGES for file in package.files],
    ids=lambda one: one.name,
)
def test_each_copy_has_the_pinned_hash(package, file):
    copy = ROOT / "static" / "vendor" / package.folder / file.name

    assert hashlib.sha256(copy.read_bytes()).hexdigest() == file.sha256


def test_nothing_else_lies_there():
    folder = ROOT / "static" / "vendor"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert found == {"README.md"} | {
        f"{package.folder}/{file.name}" for package in vendor.PACKAGES for file in package.files
    }


def test_the_list_of_packages_follows_from_the_pins():
    assert (ROOT / "static" / "vendor" / "README.md").read_text() == vendor.readme()


@pytest.mark.parametrize("package", vendor.PACKAGES, ids=lambda package: package.name)
def test_each_package_is_pinned_whole_and_has_a_license(package):
    assert re.fullmatch(r"\d+\.\d+\.\d+", package.version)
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package.integrity)
    assert package.license
    assert "LICENSE" in {file.name for file in package.files}


def test_no_template_or_style_sheet_loads_anything_from_another_host():
    places = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "css").glob("*.css")]
    pattern = re.compile(r"""(src|href|url)\s*[=(]\s*["']?\s*(https?:)?//""")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in places
        for match in pattern.finditer(path.read_text())
        if "<a " not in path.read_text()[max(0, match.start() - 60) : match.start()]
    ]

    assert found == []
