"""A small OpenID Connect issuer on this machine: it lets everybody in whose browser comes, as one reader."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "dashboard", "a secret of the client"


class Issuer(BaseHTTPRequestHandler):
    """The authorization code flow (OpenID Connect Core 1.0, section 3.1)."""

    key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}, private=True)
    server: Any

    def do_GET(self) -> None:
        asked = urlparse(self.path)
        given = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/.well-known/openid-configuration":
            self._answer(self._metadata())
        elif asked.path == "/keys":
            self._answer({"keys": [self.key.as_dict(private=False)]})
        elif asked.path == "/authorize" and given["client_id"] == CLIENT:
            self.server.nonce = given.get("nonce")
            self.send_response(302)
            self.send_header(
                "Location", f"{given['redirect_uri']}?{urlencode({'code': 'once', 'state': given['state']})}"
            )
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path != "/token" or form["code"] != ["once"]:
            self.send_error(400)
            return
        now = int(time.time())
        claims = {"iss": self.server.address, "aud": CLIENT, "sub": "reader", "email": "reader@example.com",
                  "iat": now, "exp": now + 300, "nonce": self.server.nonce}  # fmt: skip
        told = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        self._answer({"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": told})

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _metadata(self) -> dict[str, object]:
        at = self.server.address
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _answer(self, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def issuer() -> Iterator[str]:
    """The address of a running issuer."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.address
    finally:
        server.shutdown()
        server.server_close()
