from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rpiws", "0005_mark_each_scope_once")]

    operations = [
        # A comparison with nothing is unknown, and a check lets the unknown pass.
        migrations.RemoveConstraint(model_name="reading", name="numerator_and_denominator_together"),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gt=0),
                name="numerator_and_denominator_together",
            ),
        ),
    ]
