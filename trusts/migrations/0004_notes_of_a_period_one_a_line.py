from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trusts", "0003_add_known_as"),
    ]

    operations = [
        migrations.AlterField(
            model_name="namedperiod",
            name="note",
            field=models.TextField(
                blank=True, help_text="What a reader must know, like the source. One remark a line."
            ),
        ),
        migrations.AlterField(
            model_name="namedperiodevent",
            name="note",
            field=models.TextField(
                blank=True, help_text="What a reader must know, like the source. One remark a line."
            ),
        ),
    ]
