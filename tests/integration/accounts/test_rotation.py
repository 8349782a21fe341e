"""SECRET_KEY changes, and nobody loses the second factor."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def factor(settings):
    """A second factor of the time of the former key."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "former", []
    data = {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
    return Authenticator.objects.create(user=UserFactory(), type=Authenticator.Type.TOTP, data=data)


def test_second_factor_outlives_the_former_key_once_rotated(factor, settings, capsys):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "present", ["former"]
    call_command("rotate_second_factors")
    assert "1 second factors are kept" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    factor.refresh_from_db()
    assert get_adapter().decrypt(factor.data["secret"]) == "JBSWY3DPEHPK3PXP"


def test_rotation_without_the_former_key_changes_nothing_and_says_why(factor, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "present", []
    before = dict(factor.data)
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS must name"):
        call_command("rotate_second_factors")
    factor.refresh_from_db()
    assert factor.data == before
    with pytest.raises(InvalidToken):
        get_adapter().decrypt(factor.data["secret"])
