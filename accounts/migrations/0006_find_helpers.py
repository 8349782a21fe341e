from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Nobody's sign-in waits while the index is made.
    atomic = False

    dependencies = [
        ("accounts", "0005_sign_in_events"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="accessevent",
            index=models.Index(
                condition=models.Q(("by__isnull", False)), fields=["by"], name="accesses_by_somebody_else"
            ),
        ),
    ]
