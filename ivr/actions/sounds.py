"""Sounds are kept under the hash of their bytes: the same ones once."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from ivr.models import Audio
from ivr.prompts.audio import Sound

LONGEST_NAME = 120


def keep(sound: Sound, *, name: str, at: datetime, only_try: bool = False) -> Audio:
    """Give the row of a sound; one that is here already keeps its name. With `only_try` its bytes go nowhere, for a
    transaction that is rolled back.
    """
    found = Audio.objects.filter(sha256=sound.sha256).first()
    if found is not None:
        return found
    row = Audio(sha256=sound.sha256, name=name[:LONGEST_NAME] or sound.sha256[:12], seconds=sound.seconds)
    row.uploaded_at = at
    path = f"prompts/{sound.sha256}.wav"
    if only_try:
        row.file.name = path
    else:
        # before the row: what nobody refers to does no harm, a row without its bytes would
        row.file.save(path, ContentFile(sound.wav), save=False)
    with transaction.atomic():
        Audio.objects.bulk_create([row], ignore_conflicts=True)  # somebody else may bring the same at the same moment
    return Audio.objects.get(sha256=sound.sha256)
