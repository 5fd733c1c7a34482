from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recordings", "0014_flow_editors_make_mailboxes"),
    ]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="hides",
            field=models.BooleanField(
                default=False,
                help_text="Most people hear the copy in which it is silent, or nothing; also when text and copy are gone.",
                verbose_name="something is hidden",
            ),
        ),
    ]
