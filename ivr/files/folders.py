"""Flows as files in a folder, or in one archive, with their sounds beside them under the hashes of their bytes."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.utils.text import slugify

from ivr.files import exporting, portable
from ivr.files.portable import Fault, File, Unreadable
from ivr.models import Audio, Flow
from ivr.prompts import audio

SOUNDS = "sounds"
#: bytes that an archive may have once it is unpacked
MOST_BYTES = 200 * 1024 * 1024
MOST_FILES = 1000


class Written(NamedTuple):
    """A file of the folder, and what was done to it: new, changed, unchanged or removed."""

    path: Path
    what: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: a flow, or what is wrong with it. `sounds` lie beside it, by their hashes."""

    name: str
    file: File | None
    faults: tuple[Fault, ...]
    sounds: Mapping[str, audio.Sound]


def write(folder: Path, flows: Collection[Flow], *, is_published: bool = False) -> Iterator[Written]:
    """Write each flow's draft, or what callers meet, and the sounds that it plays. Only what changed is written.

    A file that holds the flow already is written again, whatever it is called.
    """
    taken = {data["flow"]["name"]: path for path, data in _present(folder)}
    free = set(taken.values())
    for flow in flows:
        version = (
            flow.versions.select_related("flow").filter(pk=flow.published_id or 0).first() if is_published else None
        )
        if is_published and version is None:
            continue
        file = exporting.version(version) if version else exporting.draft(flow)
        path = taken.get(flow.name) or _free_path(folder, flow.name, free)
        free.add(path)
        yield _write(path, portable.text(file).encode())
        hashes = list(dict.fromkeys(sound.sha256 for sound in portable.read(file).sounds))
        for row in Audio.objects.filter(sha256__in=hashes).order_by("sha256") if hashes else ():
            path = folder / SOUNDS / f"{row.sha256}.wav"
            yield Written(path, "unchanged") if path.exists() else _write(path, content_of(row))


def remove_others(folder: Path, flows: Collection[Flow]) -> Iterator[Written]:
    """Remove the files of flows that are not among these, and the sounds that no file names any more."""
    names, wanted = {flow.name for flow in flows}, set[str]()
    for path, data in _present(folder):
        if data["flow"]["name"] in names:
            wanted |= set(_hashes(data))
        else:
            path.unlink()
            yield Written(path, "removed")
    for path in sorted((folder / SOUNDS).glob("*.wav")):
        if path.stem not in wanted:
            path.unlink()
            yield Written(path, "removed")


def read(paths: Iterable[Path]) -> list[Source]:
    """Read files, and all files of flows in folders; each with its faults, where it has some."""
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            found += [_source(str(one), one.read_bytes(), one.parent / SOUNDS) for one in sorted(path.glob("*.json"))]
        else:
            try:
                found.append(_source(str(path), path.read_bytes(), path.parent / SOUNDS))
            except OSError as error:
                found.append(Source(str(path), None, (Fault("", error.strerror or str(error)),), {}))
    return found


def archive(flow: Flow) -> bytes:
    """Give the draft of a flow with its sounds as one archive."""
    file = exporting.draft(flow)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr(zipfile.ZipInfo(f"{file_name(flow.name)}.json"), portable.text(file))
        hashes = [sound.sha256 for sound in portable.read(file).sounds]
        for row in Audio.objects.filter(sha256__in=hashes).order_by("sha256") if hashes else ():
            written.writestr(zipfile.ZipInfo(f"{SOUNDS}/{row.sha256}.wav"), content_of(row))
    return target.getvalue()


def unpacked(name: str, upload: IO[bytes]) -> Source:
    """Read what somebody uploads: a flow's file, or an archive with one and its sounds."""
    if not zipfile.is_zipfile(upload):
        upload.seek(0)
        return _read(name, upload.read(audio.MAX_BYTES), {})
    with zipfile.ZipFile(upload) as packed:
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            return Source(name, None, (Fault("", "There is more in this archive than a flow and its sounds."),), {})
        flows = [entry for entry in entries if entry.filename.endswith(".json") and "__MACOSX" not in entry.filename]
        if len(flows) != 1:
            return Source(name, None, (Fault("", f"An archive holds one flow, and this one {len(flows)}."),), {})
        sounds = {Path(entry.filename).stem: packed.read(entry) for entry in entries if entry.filename.endswith(".wav")}
        return _read(f"{name}: {flows[0].filename}", packed.read(flows[0]), sounds)


def content_of(sound: Audio) -> bytes:
    """Read a sound's bytes from where they are stored."""
    with sound.file.open("rb") as stored:
        content: bytes = stored.read()
        return content


def file_name(flow: str) -> str:
    """Give the name of a flow's file, without its ending: letters that each system knows."""
    return slugify(flow) or hashlib.sha256(flow.encode()).hexdigest()[:8]


def _free_path(folder: Path, flow: str, taken: Collection[Path]) -> Path:
    path = folder / f"{file_name(flow)}.json"
    if path not in taken and not path.exists():
        return path
    return folder / f"{file_name(flow)}-{hashlib.sha256(flow.encode()).hexdigest()[:8]}.json"


def _write(path: Path, content: bytes) -> Written:
    """Write a file as a whole: whoever reads it meanwhile sees the old one or the new one."""
    before = path.read_bytes() if path.exists() else None
    if before == content:
        return Written(path, "unchanged")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return Written(path, "new" if before is None else "changed")


def _present(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give what of a folder is files of flows."""
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_bytes())
            data["flow"]["name"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        yield path, data


def _hashes(data: Mapping[str, Any]) -> Iterator[str]:
    try:
        yield from (sound.sha256 for sound in portable.read(data).sounds)
    except Unreadable:
        return


def _source(name: str, content: bytes, sounds: Path) -> Source:
    beside = {path.stem: path for path in sounds.glob("*.wav")} if sounds.is_dir() else {}
    return _read(name, content, beside)


def _read(name: str, content: bytes, beside: Mapping[str, bytes | Path]) -> Source:
    try:
        file = portable.read(json.loads(content))
    except Unreadable as unreadable:
        return Source(name, None, unreadable.faults, {})
    except (ValueError, RecursionError) as error:
        return Source(name, None, (Fault("", f"This is no JSON: {error}"),), {})
    sounds: dict[str, audio.Sound] = {}
    faults: list[Fault] = []
    for wanted in file.sounds:
        found = beside.get(wanted.sha256)
        if found is None or wanted.sha256 in sounds:
            continue
        where = f"prompts.{wanted.prompt}.{wanted.language}.audio"
        try:
            sound = audio.kept(found if isinstance(found, bytes) else found.read_bytes())
        except audio.NotUsable as refusal:
            faults.append(Fault(where, f"{SOUNDS}/{wanted.sha256}.wav: {refusal}"))
            continue
        if sound.sha256 != wanted.sha256:
            faults.append(Fault(where, f"{SOUNDS}/{wanted.sha256}.wav has other bytes than its name says."))
            continue
        sounds[wanted.sha256] = sound
    return Source(name, None if faults else file, tuple(faults), sounds)
