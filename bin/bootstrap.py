"""Makes .venv and installs what is pinned in requirements/, with nothing but Python's standard library.

A plain Debian python3 has neither pip nor ensurepip; then pip itself is fetched from the package index.
"""

import base64
import configparser
import contextlib
import fcntl
import hashlib
import html.parser
import importlib.util
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"run": "embedded.txt", "manage": "embedded.txt", "test": "dev.txt", "bench": "dev.txt"}
# What a set of requirements holds besides its own: who has the bigger one needs no second look.
INCLUDES = {"dev.txt": ("dev.txt", "embedded.txt"), "embedded.txt": ("embedded.txt",)}
MEGABYTES = {"embedded.txt": 700, "dev.txt": 1500}
# Speech to text: not for every platform, and everything else works without it.
EXTRA, EXTRA_MEGABYTES = "speech.txt", 400
# Pinned like everything else. The hash makes the download safe even where no certificate can be checked.
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


class Trouble(Exception):
    """One sentence for the person at the keyboard."""


def main(arguments: list[str]) -> None:
    """Set up what the command needs and hand over to it."""
    command, rest = arguments[0], arguments[1:]
    try:
        with alone():
            prepare(REQUIREMENTS[command])
            prepare_extra()
    except Trouble as trouble:
        sys.exit(f"{trouble}")
    except KeyboardInterrupt:
        say("\nStopped; the next start sees to the rest.")
        sys.exit(130)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "embedded", command, *rest])


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other set-up of this folder is under way."""
    try:
        (ROOT / "var").mkdir(exist_ok=True)
        file = (ROOT / "var" / "setup.lock").open("w")
    except OSError as error:
        raise Trouble(f"Cannot write to {ROOT} ({error.strerror}); is it yours?") from error
    with file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def prepare(requirements: str) -> None:
    """Bring .venv to what a requirements file says, unless it is there already.

    The mark `.incomplete` stands while something is written, so that a set-up cut short is begun again, not trusted.
    """
    wanted = hashlib.sha256((ROOT / "requirements" / requirements).read_bytes()).hexdigest()
    mark, incomplete = VENV / "installed.json", VENV / ".incomplete"
    if not incomplete.exists() and _installed(mark).get(requirements) == wanted and _python_works():
        return
    try:
        if incomplete.exists() or not _python_works():
            shutil.rmtree(VENV, ignore_errors=True)
        need_room(MEGABYTES[requirements] if not VENV.exists() else 100)
        VENV.mkdir(exist_ok=True)
        incomplete.touch()
        make_environment()
        say("Installing the pinned packages; the first time takes a minute or two.")
        install(ROOT / "requirements" / requirements)
        hashes = {
            name: hashlib.sha256((ROOT / "requirements" / name).read_bytes()).hexdigest()
            for name in INCLUDES[requirements]
        }
        mark.write_text(json.dumps(_installed(mark) | hashes))
        incomplete.unlink()
    except OSError as error:
        raise Trouble(f"Cannot set up {VENV}: {error.strerror or error}.") from error


def prepare_extra() -> None:
    """Install speech to text where that is possible, and remember that it was tried, however that went."""
    wanted = hashlib.sha256((ROOT / "requirements" / EXTRA).read_bytes()).hexdigest()
    mark = VENV / "installed.json"
    if _installed(mark).get(EXTRA) == wanted:
        return
    try:
        need_room(EXTRA_MEGABYTES)
        say("Installing speech to text; this is done once.")
        install(ROOT / "requirements" / EXTRA)
    except Trouble as trouble:
        reason = str(trouble).removesuffix(" Start again when it can.")
        say(
            f"Speech to text cannot be installed here, so recordings stay without text; everything else works. {reason}"
        )
        say(f"It is not tried again until you remove {mark}.")
    try:
        mark.write_text(json.dumps(_installed(mark) | {EXTRA: wanted}))
    except OSError as error:
        raise Trouble(f"Cannot set up {VENV}: {error.strerror or error}.") from error


def make_environment() -> None:
    """Make the virtual environment and see that it has a pip."""
    if not PYTHON.exists():
        if importlib.util.find_spec("venv") is None:
            raise Trouble("This Python lacks its standard library's venv module; install the whole python3 package.")
        say(f"Making {VENV.name} with Python {sys.version_info.major}.{sys.version_info.minor}.")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=True)
    if _quiet("-m", "pip", "--version"):
        return
    if importlib.util.find_spec("ensurepip") and _quiet("-m", "ensurepip"):
        return
    with tempfile.TemporaryDirectory() as folder:
        wheel = fetch_pip(pip_configuration(), Path(folder))
        if not _quiet(f"{wheel}/pip", "install", "--no-index", "--no-deps", str(wheel)):
            raise Trouble("pip was fetched but does not install itself; is there room on the disk?")


def install(requirements: Path) -> None:
    """Install exactly what is pinned; the whole output goes to a log, its point to the person."""
    log = ROOT / "var" / "log" / "install.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "--no-warn-script-location", "--root-user-action=ignore"]
    command += ["-r", str(requirements)]
    with log.open("wb") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        return
    text = log.read_text(errors="replace")
    if "No space left on device" in text:
        raise Trouble("The disk is full: the packages cannot be installed. Make room and start again.")
    if "HTTP error" in text or "connection" in text.lower():
        raise Trouble(f"The package index cannot be reached; see {log}. Start again when it can.")
    errors = [line for line in text.splitlines() if line.startswith("ERROR")]
    raise Trouble(f"The packages cannot be installed: {errors[0] if errors else 'pip failed'} (see {log})")


def need_room(megabytes: int) -> None:
    """Refuse to begin what would end with a full disk."""
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < megabytes:
        raise Trouble(f"The disk that holds {ROOT} has {free} MB left; about {megabytes} MB are needed.")


def pip_configuration() -> dict[str, str]:
    """Read what pip itself would: its files in its order, the later winning, then the environment."""
    environment = os.environ
    home = Path.home()
    user = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    files = [
        *(Path(folder) / "pip" / "pip.conf" for folder in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")),
        Path("/etc/pip.conf"),
        home / ".pip" / "pip.conf",
        user / "pip" / "pip.conf",
    ]
    if sys.platform == "darwin":
        files.insert(0, Path("/Library/Application Support/pip/pip.conf"))
        files.append(home / "Library" / "Application Support" / "pip" / "pip.conf")
    if environment.get("PIP_CONFIG_FILE") == os.devnull:
        files = []
    elif "PIP_CONFIG_FILE" in environment:
        files.append(Path(environment["PIP_CONFIG_FILE"]))
    found: dict[str, str] = {}
    for section in ("global", "install"):
        parser = configparser.RawConfigParser(strict=False)
        parser.read(files, encoding="utf-8")
        if parser.has_section(section):
            found |= {name.replace("_", "-"): value for name, value in parser.items(section)}
    found |= {
        name[4:].lower().replace("_", "-"): value for name, value in environment.items() if name.startswith("PIP_")
    }
    return found


def fetch_pip(configuration: dict[str, str], folder: Path) -> Path:
    """Fetch the pinned pip from the package index and check its hash."""
    index = configuration.get("index-url", "https://pypi.org/simple").rstrip("/") + "/pip/"
    say(f"This Python has no pip; fetching it from {urllib.parse.urlsplit(index).hostname}.")
    context = ssl.create_default_context(cafile=configuration.get("cert"))
    try:
        page = download(index, context).decode("utf-8", "replace")
        link = wheel_link(page, index)
        if link is None:
            raise Trouble(f"The package index has no {PIP_WHEEL}; install pip for this Python and start again.")
        content = download(link, context)
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise Trouble(f"The package index cannot be reached ({reason}).") from error
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        raise Trouble(f"What the package index serves as {PIP_WHEEL} has a wrong hash; it is not used.")
    wheel = folder / PIP_WHEEL
    wheel.write_bytes(content)
    return wheel


def wheel_link(page: str, address: str) -> str | None:
    """Find the pinned pip's address on a simple index page; links may be relative."""
    links = _Links()
    links.feed(page)
    for link in links.found:
        whole = urllib.parse.urldefrag(urllib.parse.urljoin(address, link)).url
        if urllib.parse.unquote(whole.rpartition("/")[2]) == PIP_WHEEL:
            return whole
    return None


class _Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of each link."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def download(address: str, context: ssl.SSLContext) -> bytes:
    """Fetch an address, with the name and password that it may carry.

    A bare Debian has no certificates to check with. The pinned hash vouches for what is fetched, so it may be fetched
    from anybody, unless a password would travel along.
    """
    parts = urllib.parse.urlsplit(address)
    request = urllib.request.Request(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())
    request.add_header("Accept", "text/html, */*;q=0.1")
    if parts.username:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    try:
        return _read(request, context)
    except urllib.error.URLError as error:
        if parts.username or not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
        return _read(request, ssl._create_unverified_context())


def _read(request: urllib.request.Request, context: ssl.SSLContext) -> bytes:
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:
        content: bytes = answer.read()
    return content


def say(line: str) -> None:
    """Tell the person what is going on."""
    print(line, flush=True)


def _installed(mark: Path) -> dict[str, str]:
    try:
        hashes: dict[str, str] = json.loads(mark.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return hashes


def _python_works() -> bool:
    """Whether .venv has a Python that starts: one that was upgraded or removed under it does not."""
    try:
        return _quiet("-c", "import sys; sys.exit(sys.version_info < (3, 11))")
    except OSError:
        return False


def _quiet(*arguments: str) -> bool:
    return subprocess.run([PYTHON, *arguments], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
