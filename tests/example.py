"""The example partnership in the test's database, its dashboards computed, its people able to sign in."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from accounts.permissions import Role
from examples.loading.everything import load_example
from examples.loading.people import address
from rpiws.models import Rpiw
from snapshots.sweeping import catch_up
from tests.factories.accounts import PASSWORD
from trusts.models import Trust, ValueStream

LEEDS, SHREWSBURY = "RR8", "RXW"
TIMINGS = ["6 h", "5 h 30 min", "6h15", "330 min", "5.5 h", "6:30", "7 h", "5 h", "6 h", "6 h 45 min"]
"""Ten timings as ten people would say them, for the measure of the 60-day remeasure that is due."""
MEAN_IN_MINUTES = 360


class Example:
    """The example as it stands today. An RPIW is asked for by its stage, as the 60-day remeasure that is due."""

    def __init__(self) -> None:
        load_example(today=timezone.localdate())
        # One hash for all: each costs a good part of a second.
        User.objects.update(password=make_password(PASSWORD))
        catch_up()
        self.leeds = Trust.objects.get(ods_code=LEEDS)
        self.shrewsbury = Trust.objects.get(ods_code=SHREWSBURY)

    @property
    def due_at_60_days(self) -> Rpiw:
        """The RPIW at Leeds whose 60-day remeasure is due and not yet late."""
        return self.rpiw("Step-down from neurosurgical critical care")

    @property
    def stream(self) -> ValueStream:
        return self.due_at_60_days.value_stream

    def rpiw(self, process: str) -> Rpiw:
        return Rpiw.objects.get(process=process, source="Generated for the example")


def sign_in(page: Page, role: Role, trust: Trust | None = None, *, to: str = "/") -> None:
    sign_in_as(page, address(role, trust), to=to)


def sign_in_as(page: Page, email: str, *, to: str = "/") -> None:
    page.goto(f"/accounts/login/?next={to}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()
