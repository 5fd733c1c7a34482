"""What queues said of recording becomes policies: nothing was recorded by it yet, and nobody loses what they wrote."""

from django.db import migrations


def make_policies(apps, _schema_editor):
    Policy = apps.get_model("compliance", "Policy")
    for queue in apps.get_model("queues", "Queue").objects.exclude(recorded="never"):
        consent = "none" if queue.recorded == "always" else "ask-one"
        Policy.objects.create(name=f"Queue {queue.name}"[:80], queue=queue, consent=consent, is_active=False)


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0002_evidence_never_changes"),
        ("queues", "0008_who_hears_and_who_transcribes"),
    ]

    operations = [migrations.RunPython(make_policies, migrations.RunPython.noop)]
