"""Load the whole example, once, into a database that holds nothing else."""

from datetime import date

import pghistory
from django.db import transaction
from tqdm import tqdm

from accounts.models import User
from accounts.permissions import Role
from examples.loading.boards import load_boards
from examples.loading.compacts import load_compacts
from examples.loading.context import (
    load_context,
    load_partnership,
    load_places,
    load_stand_downs,
    load_value_streams,
)
from examples.loading.current import load_current
from examples.loading.metrics import load_metrics
from examples.loading.people import load_people
from examples.loading.published import load_printed_pairs, load_reconstructed
from examples.loading.thread import load_thread
from trusts.models import Partnership


class DatabaseHoldsOtherData(Exception):
    """The example goes into an empty database only."""


@transaction.atomic
def load_example(*, today: date, progress: bool = False) -> bool:
    """Load the example as of `today`, all or nothing. False when it is there already.

    Raises DatabaseHoldsOtherData when the database holds a partnership or people that are not the example's.
    """
    if Partnership.objects.filter(is_example=True).exists():
        return False
    if Partnership.objects.exists() or User.objects.exists():
        raise DatabaseHoldsOtherData(
            "This database holds other data, so the example was not loaded. Use an empty database for it."
        )
    with pghistory.context(action="load_example"), tqdm(total=11, disable=not progress, unit="part") as bar:

        def next_part(name: str) -> None:
            bar.update()
            bar.set_description(name)

        partnership = load_partnership()
        places = load_places(partnership)
        next_part("people")
        staff = load_people(partnership, places)
        next_part("context of the trusts")
        load_context(places)
        next_part("value streams")
        sponsors = {trust: people[Role.EXECUTIVE_SPONSOR] for trust, people in staff.items()}
        streams = load_value_streams(partnership, places, sponsors)
        load_stand_downs(places, streams)
        next_part("RPIWs to July 2019")
        load_reconstructed(streams)
        next_part("printed pairs")
        load_printed_pairs(streams)
        next_part("RPIWs of today")
        load_current(places, staff, streams, today=today)
        next_part("metrics")
        load_metrics(places, staff, streams, today=today)
        next_part("golden thread")
        load_thread(streams, today=today)
        next_part("compacts")
        load_compacts(partnership, places, staff)
        next_part("boards")
        load_boards(partnership, places, staff, today=today)
        next_part("loaded")
    return True
