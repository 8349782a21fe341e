"""Who asks: the address that the outermost trusted proxy saw, and never one that the asker wrote."""

import pytest
from django.test import RequestFactory

from accounts.accesses import address_of

FORGED, PERSON, OUTER, INNER = "1.1.1.1", "203.0.113.7", "10.0.0.1", "10.0.0.2"


def asked(settings, proxies, remote, forwarded=""):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return address_of(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "person"),
    [
        (0, PERSON, "", PERSON),
        (0, PERSON, FORGED, PERSON),
        (1, OUTER, PERSON, PERSON),
        (1, OUTER, f"{FORGED}, {PERSON}", PERSON),
        (1, OUTER, f"{FORGED},{FORGED},{PERSON}", PERSON),
        (2, INNER, f"{FORGED}, {PERSON}, {OUTER}", PERSON),
        (1, OUTER, "", OUTER),
        (1, OUTER, f"{PERSON}:40312", PERSON),
        (1, OUTER, "[2001:db8::7]:40312", "2001:db8::7"),
        (1, OUTER, "2001:db8::7", "2001:db8::7"),
        (1, OUTER, f"{FORGED}, not an address", None),
        (0, "", "", None),
    ],
)
def test_address_is_the_one_that_the_trusted_proxies_saw(settings, proxies, remote, forwarded, person):
    assert asked(settings, proxies, remote, forwarded) == person


def test_nobody_asks():
    assert address_of(None) is None
