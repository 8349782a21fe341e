"""A provider of OpenID Connect on this machine: real HTTP, code flow, PKCE, signed tokens."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "improvement", "a secret of this test alone"


class IdentityProvider:
    """`person` are the claims of whoever signs in; `error` is what it answers instead; `asked` what was asked of it."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.also_in_token: dict[str, Any] = {}
        self.error = ""
        self.down = False
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        provider = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, dict(parse_qs(urlsplit(self.path).query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, dict(parse_qs(body)))

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, asked: BaseHTTPRequestHandler, sent: dict[str, list[str]]) -> None:
        path = urlsplit(asked.path).path
        self.asked.append(path)
        if self.down:
            return reply(asked, {"error": "down"}, 503)
        values = {name: value[0] for name, value in sent.items()}
        if path == "/authorize":
            return self.authorize(asked, values)
        if path == "/token":
            return self.token(asked, values)
        if path == "/userinfo":
            known = asked.headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens
            return reply(asked, self.person if known else {"error": "invalid_token"}, 200 if known else 401)
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return reply(asked, {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]})
        return reply(
            asked,
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        )

    def authorize(self, asked: BaseHTTPRequestHandler, values: dict[str, str]) -> None:
        assert values["client_id"] == CLIENT_ID
        assert values["response_type"] == "code"
        assert values["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(values["scope"].split())
        code = secrets.token_urlsafe()
        self.codes[code] = values
        back = {"error": self.error} if self.error else {"code": code}
        asked.send_response(302)
        asked.send_header("Location", f"{values['redirect_uri']}?{urlencode(back | {'state': values['state']})}")
        asked.end_headers()

    def token(self, asked: BaseHTTPRequestHandler, values: dict[str, str]) -> None:
        """A code works once, for the client that asked for it, and with the verifier of its challenge."""
        began = self.codes.pop(values.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(values.get("code_verifier", "").encode()).digest())
        if (
            began is None
            or (values.get("client_id"), values.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET)
            or values.get("redirect_uri") != began["redirect_uri"]
            or challenge.decode().rstrip("=") != began["code_challenge"]
        ):
            return reply(asked, {"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe()
        self.tokens.add(token)
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "sub": self.person["sub"]}
        signed = jwt.encode(claims | self.also_in_token, self.key, algorithm="RS256", headers={"kid": "one"})
        return reply(asked, {"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": signed})


def reply(asked: BaseHTTPRequestHandler, body: dict[str, Any], status: int = 200) -> None:
    said = json.dumps(body).encode()
    asked.send_response(status)
    asked.send_header("Content-Type", "application/json")
    asked.send_header("Content-Length", str(len(said)))
    asked.end_headers()
    asked.wfile.write(said)


def as_settings(provider: IdentityProvider) -> dict[str, str]:
    """The environment of an installation that trusts this provider."""
    return {
        "OIDC_ISSUER": provider.address,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "NHSmail",
    }
