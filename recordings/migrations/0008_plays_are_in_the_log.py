from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recordings", "0007_plays_into_the_log")]

    operations = [migrations.DeleteModel(name="Play")]
