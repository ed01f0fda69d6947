"""The guard before every page: only this computer's own browser, with this launch's token, reaches anything.

Pure ASGI, outermost, so that it stands before Gradio too, which has no Host check, answers a foreign Origin and serves its API to all
(measured for 6.31, docs/decisions/0013-guard.md).
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 9_000_000  # bytes; an entry of 2 MB in JSON, where a sign may take six characters and an emoji twelve
CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-src 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CSP,
    "referrer-policy": "same-origin",  # with no-referrer a browser sends the Origin of a form as null
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_CACHED = {"cache-control": "private, max-age=86400"}  # Gradio's own scripts and fonts: public files, the same at every start
# Of Gradio's routes the page needs these. All else (uploads, files, proxies, API pages, monitoring, histories) is not there.
_GRADIO = ("assets/", "static/", "svelte/", "theme.css", "gradio_api/queue/join", "gradio_api/queue/data", "gradio_api/heartbeat/")
_GRADIO_EXACT = frozenset({"", "config", "gradio_api/cancel", "gradio_api/reset", "gradio_api/startup-events", "gradio_api/app_id"})


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    text: str


_HOST = _Refusal(400, "This address is not Afterword's own.")
_FOREIGN = _Refusal(403, "Another page asked for this, so it was refused.")
_NO_TOKEN = _Refusal(403, "This page belongs to the person who started Afterword. Open it with the command `afterword`.")
_NOT_THERE = _Refusal(404, "There is no such page.")
_TOO_LARGE = _Refusal(413, "This is more text than can be read at once. Nothing was changed. Send a part of it.")


class Guard:
    """Refuses what is not ours and adds the security headers. `prefix` is where Gradio is mounted, with both slashes."""

    def __init__(self, app: App, port: int, token: str, prefix: str) -> None:
        self._app = app
        self._token = token
        self._prefix = prefix
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._cookie = f"afterword-{port}"  # cookies do not tell ports apart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})  # Gradio needs none

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if refusal := self._refusal(scope, headers):
            await _refuse(send, refusal)
        elif self._carries_token(scope):
            await self._welcome(scope, send)
        elif not self._has_cookie(headers):
            await _refuse(send, _NO_TOKEN)
        else:
            await self._app(scope, _counted(receive), _with_headers(send, _is_asset(scope["path"], self._prefix)))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> _Refusal | None:
        if headers.get("host", "") not in self._hosts:
            return _HOST
        origin = headers.get("origin")
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            return _FOREIGN
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return _FOREIGN
        if _length(headers) > MAX_BODY:
            return _TOO_LARGE
        path = str(scope["path"])
        return _NOT_THERE if path.startswith(self._prefix) and not _needed(path.removeprefix(self._prefix)) else None

    def _carries_token(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0]
        return scope["method"] == "GET" and self._is_token(given)

    def _has_cookie(self, headers: dict[str, str]) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and self._is_token(cookie.value)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())

    async def _welcome(self, scope: Scope, send: Send) -> None:
        """Turn the token in the address into a cookie and send the browser on, so that it does not stay in the history's address."""
        cookie = f"{self._cookie}={self._token}; HttpOnly; SameSite=Strict; Path=/"
        await _refuse(send, _Refusal(303, ""), {"location": "/" + scope["path"].lstrip("/"), "set-cookie": cookie})


def _needed(path: str) -> bool:
    return path in _GRADIO_EXACT or (path.startswith(_GRADIO) and ".." not in path)


def _is_asset(path: str, prefix: str) -> bool:
    return path.startswith((f"{prefix}assets/", f"{prefix}static/", f"{prefix}svelte/"))


def _length(headers: dict[str, str]) -> int:
    given = headers.get("content-length", "0")
    return int(given) if given.isdigit() else MAX_BODY + 1


def _counted(receive: Receive) -> Receive:
    """Cut off a body that has no length of its own and grows over the limit."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= MAX_BODY else {"type": "http.disconnect"}

    return counted


def _with_headers(send: Send, is_asset: bool) -> Send:
    ours = {**_HEADERS, **(_CACHED if is_asset else {})}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", []) if name.decode("latin-1").lower() not in ours]
            message = {**message, "headers": [*kept, *_encoded(ours)]}
        await send(message)

    return sent


async def _refuse(send: Send, refusal: _Refusal, extra: dict[str, str] | None = None) -> None:
    body = refusal.text.encode()
    headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **_HEADERS, **(extra or {})}
    await send({"type": "http.response.start", "status": refusal.status, "headers": _encoded(headers)})
    await send({"type": "http.response.body", "body": body})


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
