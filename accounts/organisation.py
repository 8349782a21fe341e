"""Signing in with the organisation's own account, by OpenID Connect: for people who are known here (docs/adr/0010)."""

from logging import getLogger
from typing import Any

import requests
from allauth.account.signals import user_logged_in
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.accesses import note
from accounts.models import AccessEvent, User

log = getLogger(__name__)

DID_SECOND_FACTOR = "second_factor_elsewhere"
"""Of a session, and of a sign-in on its way: the organisation asked for a second factor, and that is enough here."""

_SECONDS = 5


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """Nobody signs up. An address that the provider vouches for finds its person once; then its own id does."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        return _Asking()

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        raise _refused(request, "cancelled" if error == AuthError.CANCELLED else "no_answer")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        said = sociallogin.account.extra_data
        claims = {**said.get("id_token", {}), **said.get("userinfo", {})}
        sociallogin.state[DID_SECOND_FACTOR] = second_factor_was_asked(said.get("id_token", {}))
        # What the provider tells of a person is read, and not kept.
        sociallogin.account.extra_data = {}
        if said.get("userinfo", claims).get("sub") != said.get("id_token", claims).get("sub"):
            raise _refused(request, "other_person")
        if sociallogin.state.get("process") == "connect":
            raise _refused(request, "connect")
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        address = str(claims.get("email") or "").strip()
        if not vouched_for(address, claims.get("email_verified")):
            raise _refused(request, "not_verified", address)
        person = User.objects.filter(email__iexact=address).first()
        if person is None:
            raise _refused(request, "not_known", address)
        if SocialAccount.objects.filter(user=person, provider=sociallogin.account.provider).exists():
            raise _refused(request, "another_id", address, person)
        sociallogin.connect(request, person)


def vouched_for(address: str, verified: Any) -> bool:
    """Whether the provider has said that the address is the person's, or is trusted for its domain."""
    domain = address.rpartition("@")[2].lower()
    return bool(domain) and (verified in (True, "true") or domain in settings.OIDC_DOMAINS)


def second_factor_was_asked(id_token: dict[str, Any]) -> bool:
    """The installation says that the provider always asks; a provider that tells how it asked is believed over that."""
    if settings.OIDC_SECOND_FACTOR != "provider":
        return False
    methods = id_token.get("amr")
    return methods is None or "mfa" in methods


def _refused(request: HttpRequest, why: str, address: str = "", person: User | None = None) -> ImmediateHttpResponse:
    note(AccessEvent.Kind.REFUSED_ELSEWHERE, request, person)
    return ImmediateHttpResponse(_page(request, why, address=address, status=403))


def _page(request: HttpRequest, why: str, *, address: str = "", status: int) -> HttpResponse:
    page = {"why": why, "address": address, "provider": settings.OIDC_NAME}
    return render(request, "accounts/not_by_organisation.html", page, status=status)


class _Asking(requests.Session):
    """Asks the provider, and not for long. When it does not answer, the person reads so and can use the password."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = _SECONDS
        try:
            answer = super().request(*args, **kwargs)
        except requests.RequestException as error:
            log.warning("the sign-in provider does not answer: %s", type(error).__name__)
        else:
            if answer.status_code < 500:
                return answer
            log.warning("the sign-in provider answers %s", answer.status_code)
        raise ImmediateHttpResponse(_page(context.request, "no_answer", status=503))


class AskForCode(AuthenticateStage):
    """Our second factor is asked for, unless the organisation asked for its own and the installation trusts that."""

    def _should_handle(self, request: HttpRequest) -> bool:
        by_organisation = (self.login.signal_kwargs or {}).get("sociallogin")
        if by_organisation and by_organisation.state.get(DID_SECOND_FACTOR):
            return False
        return bool(super()._should_handle(request))


def listen() -> None:
    """Called once, when the application is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="a second factor elsewhere")


def _signed_in(sender: Any, request: HttpRequest, sociallogin: SocialLogin | None = None, **_told: Any) -> None:
    request.session[DID_SECOND_FACTOR] = bool(sociallogin and sociallogin.state.get(DID_SECOND_FACTOR))
