from django.db import migrations

BATCH = 1000


def to_copies(apps, _schema):
    recording, copy = apps.get_model("recordings", "Recording"), apps.get_model("recordings", "Copy")
    fetched = recording.objects.filter(state="fetched").order_by("pk")
    while rows := list(fetched[:BATCH]):
        copy.objects.bulk_create(
            copy(
                recording=row,
                kind="original",
                name=row.audio.name,
                size=row.size or 0,
                sha256=row.sha256,
                made_at=row.stored_at or row.announced_at,
            )
            for row in rows
        )
        recording.objects.filter(pk__in=[row.pk for row in rows]).update(state="stored", attempts=0)
    # what was being tried again is tried on
    recording.objects.filter(state__in=["ready", "failed"]).update(state="ready", stage="fetch")


def from_copies(apps, _schema):
    recording, copy = apps.get_model("recordings", "Recording"), apps.get_model("recordings", "Copy")
    here = ["stored", "cleared", "transcribed", "redacted", "indexed"]
    if copy.objects.exclude(key_id="").exists():
        raise RuntimeError("Recordings are sealed, and the tables before this one do not know how to open them.")
    for each in copy.objects.filter(kind="original", recording__state__in=here).iterator():
        recording.objects.filter(pk=each.recording_id).update(
            state="fetched", audio=each.name, size=each.size, sha256=each.sha256
        )
    recording.objects.filter(state__in=["fetched", "verified"], audio="").update(state="ready")
    recording.objects.filter(state="ready").exclude(failure="").update(state="failed")
    recording.objects.filter(state="deleted").update(state="absent")
    copy.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("recordings", "0003_states_and_copies")]

    operations = [migrations.RunPython(to_copies, from_copies)]
