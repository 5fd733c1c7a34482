"""The set-up that has nothing but the standard library."""

import functools
import hashlib
import http.server
import importlib.util
import subprocess
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def load(path):
    spec = importlib.util.spec_from_file_location("bootstrap", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = load(ROOT / "bin" / "bootstrap.py")

# Stands in for pip in every Python that finds it: writes down what it should install, or fails as it is told.
PIP = """
import pathlib, sys
root = pathlib.Path({root!r})
if "install" in sys.argv:
    if (root / "pip-fails").exists():
        sys.exit((root / "pip-fails").read_text())
    with (root / "installed").open("a") as file:
        print(pathlib.Path(sys.argv[-1]).name, file=file)
"""

PAGE = """<!DOCTYPE html><html><body>
<a href="../../packages/pip-9.0.3-py2.py3-none-any.whl#sha256=00">pip-9.0.3-py2.py3-none-any.whl</a>
<a href="../../packages/{wheel}#sha256=00" data-requires-python="&gt;=3.10">{wheel}</a>
<a href="../../packages/pip-26.3.tar.gz">pip-26.3.tar.gz</a>
</body></html>"""


@pytest.fixture
def no_configuration(monkeypatch, tmp_path):
    for name in [name for name in bootstrap.os.environ if name.startswith("PIP_") or name == "XDG_CONFIG_DIRS"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_later_of_pips_files_wins_and_the_environment_over_all(no_configuration, monkeypatch):
    home = no_configuration / "home"
    write(home / ".pip" / "pip.conf", "[global]\nindex-url = https://one.example/simple\ncert = /one.pem\n")
    write(home / ".config" / "pip" / "pip.conf", "[global]\nindex_url = https://two.example/simple\n")
    named = write(no_configuration / "named.conf", "[install]\nindex-url = https://three.example/simple\n")

    assert bootstrap.pip_configuration()["index-url"] == "https://two.example/simple"
    assert bootstrap.pip_configuration()["cert"] == "/one.pem"

    monkeypatch.setenv("PIP_CONFIG_FILE", str(named))
    assert bootstrap.pip_configuration()["index-url"] == "https://three.example/simple"

    monkeypatch.setenv("PIP_INDEX_URL", "https://four.example/simple")
    assert bootstrap.pip_configuration()["index-url"] == "https://four.example/simple"


def test_pip_reads_no_files_when_it_is_told_so(no_configuration, monkeypatch):
    write(no_configuration / "home" / ".pip" / "pip.conf", "[global]\nindex-url = https://one.example/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", bootstrap.os.devnull)

    assert "index-url" not in bootstrap.pip_configuration()


class Project:
    """A project folder with a bootstrap of its own, and a pip that only writes down."""

    def __init__(self, root):
        self.root = root
        for name in ("embedded.txt", "dev.txt", "speech.txt"):
            write(root / "requirements" / name, f"# pins of {name}")
        write(root / "stand-in" / "pip" / "__main__.py", PIP.format(root=str(root)))
        self.bootstrap = load(write(root / "bin" / "bootstrap.py", (ROOT / "bin" / "bootstrap.py").read_text()))

    def prepare(self, requirements):
        self.bootstrap.prepare(requirements)

    def prepare_extra(self):
        self.bootstrap.prepare_extra()

    def installed(self):
        return (self.root / "installed").read_text().split()


@pytest.fixture
def project(tmp_path, monkeypatch):
    found = Project(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "stand-in"))
    monkeypatch.setitem(found.bootstrap.MEGABYTES, "embedded.txt", 1)
    monkeypatch.setitem(found.bootstrap.MEGABYTES, "dev.txt", 1)
    monkeypatch.setattr(found.bootstrap, "EXTRA_MEGABYTES", 1)
    return found


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("../../packages/{}#sha256=00", "https://index.example/packages/{}"),
        ("https://files.example/a/{}#sha256=00", "https://files.example/a/{}"),
        ("/files/{}", "https://index.example/files/{}"),
        ("//files.example/{}", "https://files.example/{}"),
        ("{}", "https://index.example/simple/pip/{}"),
    ],
)
def test_the_wheel_is_found_whatever_form_its_link_has(href, found):
    page = f'<a href="other.whl">other</a><a rel="x" href="{href.format(bootstrap.PIP_WHEEL)}">pip</a>'

    link = bootstrap.wheel_link(page, "https://index.example/simple/pip/")

    assert link == found.format(bootstrap.PIP_WHEEL)


def test_an_index_without_the_pinned_wheel_is_noticed():
    assert (
        bootstrap.wheel_link('<a href="pip-9.0.3-py2.py3-none-any.whl">', "https://index.example/simple/pip/") is None
    )


class Index(http.server.SimpleHTTPRequestHandler):
    """A package index in a folder that asks for a name and a password."""

    asked: list[str]

    def do_GET(self):
        self.asked.append(self.headers.get("Authorization", ""))
        super().do_GET()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def index(tmp_path):
    write(tmp_path / "index" / "simple" / "pip" / "index.html", PAGE.format(wheel=bootstrap.PIP_WHEEL))
    write(tmp_path / "index" / "packages" / bootstrap.PIP_WHEEL, "the wheel")
    handler = type("OneIndex", (Index,), {"asked": []})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(tmp_path / "index"))
    )
    server.asked = handler.asked
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_pip_is_fetched_from_the_configured_index_with_its_password(index, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "PIP_SHA256", hashlib.sha256(b"the wheel").hexdigest())
    url = f"http://ann:s%40crct@127.0.0.1:{index.server_port}/simple"

    wheel = bootstrap.fetch_pip({"index-url": url}, tmp_path)

    assert wheel.read_text() == "the wheel"
    assert index.asked == ["Basic YW5uOnNAY3JjdA=="] * 2


def test_a_wheel_with_another_hash_is_not_used(index, tmp_path):
    with pytest.raises(bootstrap.Trouble, match="wrong hash"):
        bootstrap.fetch_pip({"index-url": f"http://127.0.0.1:{index.server_port}/simple"}, tmp_path)

    assert not (tmp_path / bootstrap.PIP_WHEEL).exists()


def test_an_index_that_does_not_answer_is_told_in_one_sentence(tmp_path):
    with pytest.raises(bootstrap.Trouble, match="The package index cannot be reached"):
        bootstrap.fetch_pip({"index-url": "http://127.0.0.1:1/simple"}, tmp_path)


def test_what_is_installed_is_not_installed_again(project):
    project.prepare("dev.txt")
    project.prepare("dev.txt")
    project.prepare("embedded.txt")

    assert project.installed() == ["dev.txt"]


def test_changed_pins_are_installed(project):
    project.prepare("embedded.txt")
    write(project.root / "requirements" / "embedded.txt", "# other pins")

    project.prepare("embedded.txt")

    assert project.installed() == ["embedded.txt", "embedded.txt"]


def test_a_set_up_cut_short_is_begun_again(project):
    write(project.root / "pip-fails", "ERROR: the cable was pulled")
    with pytest.raises(project.bootstrap.Trouble, match="ERROR: the cable was pulled"):
        project.prepare("embedded.txt")
    half = write(project.root / ".venv" / "half-installed", "")
    (project.root / "pip-fails").unlink()

    project.prepare("embedded.txt")

    assert not half.exists()
    assert project.installed() == ["embedded.txt"]


def test_a_venv_whose_python_is_gone_is_made_again(project):
    project.prepare("embedded.txt")
    python = project.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")

    project.prepare("embedded.txt")

    assert project.installed() == ["embedded.txt", "embedded.txt"]


def test_a_disk_that_fills_up_meanwhile_is_told_in_one_sentence(project):
    write(project.root / "pip-fails", "ERROR: Could not install: [Errno 28] No space left on device")

    with pytest.raises(project.bootstrap.Trouble, match="The disk is full"):
        project.prepare("embedded.txt")


def test_a_full_disk_is_told_before_anything_is_written(project, monkeypatch):
    monkeypatch.setitem(project.bootstrap.MEGABYTES, "embedded.txt", 10**9)

    with pytest.raises(project.bootstrap.Trouble, match="MB are needed"):
        project.prepare("embedded.txt")

    assert not (project.root / ".venv").exists()


def test_speech_is_installed_once_after_the_rest(project):
    for _start in range(2):
        project.prepare("embedded.txt")
        project.prepare_extra()

    assert project.installed() == ["embedded.txt", "speech.txt"]


def test_what_is_new_in_the_rest_does_not_install_speech_again_and_new_pins_of_it_do(project):
    project.prepare("embedded.txt")
    project.prepare_extra()
    write(project.root / "requirements" / "embedded.txt", "# other pins")
    project.prepare("embedded.txt")
    project.prepare_extra()
    assert project.installed() == ["embedded.txt", "speech.txt", "embedded.txt"]

    write(project.root / "requirements" / "speech.txt", "# other pins")
    project.prepare_extra()

    assert project.installed()[3:] == ["speech.txt"]


def test_where_speech_cannot_be_installed_that_is_told_once_and_all_goes_on(project, capsys):
    project.prepare("embedded.txt")
    write(project.root / "pip-fails", "ERROR: No matching distribution found for moonshine-voice==0.1.0")
    capsys.readouterr()

    project.prepare_extra()
    told = capsys.readouterr().out
    project.prepare_extra()
    project.prepare("embedded.txt")

    assert "Speech to text cannot be installed here" in told
    assert "No matching distribution found" in told
    assert "everything else works" in told
    assert capsys.readouterr().out == ""
    assert project.installed() == ["embedded.txt"]


def test_a_disk_without_room_for_speech_is_told_and_all_goes_on(project, monkeypatch, capsys):
    project.prepare("embedded.txt")
    monkeypatch.setattr(project.bootstrap, "EXTRA_MEGABYTES", 10**9)

    project.prepare_extra()

    assert "MB are needed" in capsys.readouterr().out
    assert project.installed() == ["embedded.txt"]


def test_without_a_python_the_command_says_one_sentence(tmp_path):
    told = subprocess.run(
        ["/bin/sh", ROOT / "bin" / "run"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert told.returncode == 1
    assert "Python 3.11 or newer is needed" in told.stderr.splitlines()[-1]
