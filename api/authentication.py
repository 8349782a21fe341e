"""The API's door: a token in the header, and nothing else. A person's session does not open it (docs/adr/0008)."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from api.models import ApiToken, digest_of

LONGEST = 200


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer rpiw_...`. The request's `auth` is the token, its `user` the record the client acts as."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2 or len(header[1]) > LONGEST:
            raise AuthenticationFailed("Send one token: Authorization: Bearer rpiw_...")
        digest = digest_of(header[1].decode("latin-1"))
        related = ("client__acts_as", "client__trust")
        token = ApiToken.objects.select_related(*related).filter(digest=digest, revoked_at=None).first()
        if token is None or not token.client.works_on(timezone.localdate()):
            # Whether it expired, was revoked or never existed is nobody's business.
            raise AuthenticationFailed("This token does not work, or no longer does.")
        now = timezone.now()
        if token.use_is_news(now):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.client.acts_as, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class InScope(BasePermission):
    """Whether the client's scopes hold what the endpoint needs for this method."""

    message = "The scope of this client does not reach this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiToken):
            return False
        needed = view.scopes.get(request.method, view.scopes["GET"])  # type: ignore[attr-defined]
        return needed in request.auth.client.scopes
