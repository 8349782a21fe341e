"""Django's admin: one way to sign in, one table of rights, no content of trusts."""

import pytest
from django.contrib import admin

from accounts.models import User
from accounts.permissions import Role
from tests.factories.trusts import MembershipFactory, TrustFactory, member

pytestmark = pytest.mark.django_db

# Accounts and set-up, and nothing that a library registers for itself.
SHOWN = {"User", "Membership", "Partnership", "NamedPeriod", "Trust", "NationalPriority"}


def staff(role, **kwargs):
    user = member(role, **kwargs)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return user


def test_admin_sends_the_signed_out_to_the_one_sign_in_page(client):
    assert "/accounts/login/" in client.get("/admin/", follow=True).redirect_chain[-1][0]


def test_admin_opens_to_an_administrator_without_superuser(client):
    client.force_login(staff(Role.ADMINISTRATOR))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 200


def test_admin_stays_closed_to_staff_without_the_role(client):
    client.force_login(staff(Role.KPO_LEAD))
    assert client.get("/admin/", follow=True).status_code == 403


def test_admin_stays_closed_to_the_role_without_staff(client):
    client.force_login(member(Role.ADMINISTRATOR))
    assert client.get("/admin/", follow=True).status_code == 403


def test_admin_shows_accounts_and_set_up_only():
    assert {model.__name__ for model in admin.site._registry} == SHOWN


def test_admin_has_no_page_of_the_libraries_even_for_a_superuser(client):
    """Django's own permissions, all of which a superuser holds, open nothing."""
    user = staff(Role.ADMINISTRATOR)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    client.force_login(user)
    assert client.get("/admin/accounts/user/").status_code == 200
    for page in ("account/emailaddress", "mfa/authenticator", "auth/group", "socialaccount/socialtoken"):
        assert client.get(f"/admin/{page}/").status_code == 404, page


def test_admin_neither_gives_nor_deletes_memberships(client):
    client.force_login(staff(Role.ADMINISTRATOR))
    held = MembershipFactory()
    assert client.get("/admin/trusts/membership/add/").status_code == 403
    assert client.post(f"/admin/trusts/membership/{held.pk}/delete/").status_code == 403
    assert client.post(f"/admin/trusts/membership/{held.pk}/change/", {"role": "kpo_lead"}).status_code == 403


def test_admin_page_of_a_trust_shows_nothing_of_its_content(client):
    client.force_login(staff(Role.ADMINISTRATOR))
    trust = TrustFactory(values="quetzal", method_name="quetzal")
    assert "quetzal" not in client.get(f"/admin/trusts/trust/{trust.pk}/change/").content.decode()


def test_administrator_cannot_close_the_account_in_use(client):
    user = staff(Role.ADMINISTRATOR)
    client.force_login(user)
    client.post(f"/admin/accounts/user/{user.pk}/change/", {"name": "Renamed"})
    user.refresh_from_db()
    assert (user.name, user.is_active) == ("Renamed", True)


def test_admin_writes_nothing_but_the_name_and_closing_of_an_account(client):
    """Derived from the site: whoever registers a model that can be written there says so here."""
    client.force_login(staff(Role.ADMINISTRATOR))
    request = client.get("/admin/").wsgi_request
    for model, of in admin.site._registry.items():
        assert not of.has_add_permission(request), model
        assert not of.has_delete_permission(request), model
        assert of.has_change_permission(request) == (model is User), model
        if of.has_view_permission(request):
            assert not of.get_actions(request), model
    assert set(admin.site._registry[User].get_form(request).base_fields) == {"name", "is_active"}


def test_admin_ignores_fields_that_its_form_does_not_offer(client):
    client.force_login(staff(Role.ADMINISTRATOR))
    other = member(Role.FACILITATOR)
    sent = {"name": "Renamed", "is_active": "on", "is_staff": "on", "is_superuser": "on", "email": "x@trust.example"}
    client.post(f"/admin/accounts/user/{other.pk}/change/", sent | {"password": "x", "seen_at": "2021-01-01"})
    stored = User.objects.get(pk=other.pk)
    assert stored.name == "Renamed"
    for field in ("is_staff", "is_superuser", "email", "password", "seen_at"):
        assert getattr(stored, field) == getattr(other, field)
