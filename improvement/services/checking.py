"""Run one management command that needs settings but no database: `python -m improvement.services.checking COMMAND`."""

import os
import sys
import warnings


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "improvement.settings.test"
    # makemigrations looks for an inconsistent history and goes on without when no database answers.
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
