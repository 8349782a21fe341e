from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("rpiws", "0003_add_versions_and_later_comparability"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="rpiwperson",
            options={"ordering": ["part", "pk"], "verbose_name": "person", "verbose_name_plural": "people"},
        ),
    ]
