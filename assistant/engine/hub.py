"""Brings a model's file from the hub, over a connection that may break."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from assistant.engine.catalogue import Model
from assistant.engine.part import PartFile
from assistant.errors import SourceFailed

_TRIES = 3  # in a row without a step forward
_TIMEOUT = 10.0  # seconds, for connecting and for each read: the hub is often out of reach, and there is another source
_BLOCK = 1 << 18
_PASSING = (408, 425, 429, 500, 502, 503, 504)  # answers after which a second try makes sense (RFC 9110, 6585, 8470)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Broken(Exception):
    """The connection did not work this time."""


@dataclass(frozen=True, slots=True)
class HubSource:
    """The hub's file of `model`; AFTERWORD_HUB puts a mirror in the hub's place."""

    model: Model
    spare = 0

    @property
    def base(self) -> str:
        """The hub's address, without a slash at its end."""
        return (os.environ.get("AFTERWORD_HUB") or "https://huggingface.co").rstrip("/")

    @property
    def name(self) -> str:
        """What people call it."""
        return urlsplit(self.base).hostname or self.base

    @property
    def address(self) -> str:
        """Where the file lies."""
        hub = self.model.hub
        if hub is None or not _may_use(self.base, self.base):
            raise SourceFailed(self.base, "its address has to begin with https://")
        return f"{self.base}/{hub.repo}/resolve/{hub.revision}/{self.model.file}"

    def fetch(self, part: PartFile) -> None:
        """Bring what is missing of `part`, going on where it ends.

        Raises:
            SourceFailed: it did not work.
            DiskFull: the disk filled up.
        """
        opener, failures, why = build_opener(_Redirects(self.base)), 0, ""
        while failures < _TRIES:
            before = part.size
            try:
                return self._attempt(opener, part)
            except _Broken as broken:
                why = str(broken)
                failures = failures + 1 if part.size <= before else 1
            if failures < _TRIES:
                time.sleep(failures / 2)
        raise SourceFailed(self.name, why)

    def _attempt(self, opener: OpenerDirector, part: PartFile) -> None:
        request = Request(self.address, headers={"User-Agent": "afterword", "Accept-Encoding": "identity"})  # noqa: S310 - address() checks it
        if part.size:
            request.add_header("Range", f"bytes={part.size}-")
        try:
            with opener.open(request, timeout=_TIMEOUT) as response:
                self._expect(response, part)
                part.append(_blocks(response))
        except HTTPError as error:
            raise self._refused(error, part) from None
        except (URLError, TimeoutError, http.client.HTTPException, ConnectionError) as error:
            raise _Broken(_reason(error)) from None
        if part.size < part.total:
            raise _Broken("the connection broke off")

    def _expect(self, response: http.client.HTTPResponse, part: PartFile) -> None:
        """Read the answer's own figures; a server that knows no ranges starts again from the beginning."""
        start = 0
        if response.status == http.HTTPStatus.PARTIAL_CONTENT:
            start = part.size
            if not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                part.cut(0)
                raise _Broken("it answered with another piece than the one asked for")
        part.cut(start)
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and start + int(length) != part.total:
            raise SourceFailed(self.name, "it offers another file than the one we know")

    def _refused(self, error: HTTPError, part: PartFile) -> Exception:
        with error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.cut(0)
                return _Broken("it could not go on where the last try ended")
            if error.code in _PASSING:
                return _Broken(f"it answered {error.code}")
            return SourceFailed(self.name, f"it answered {error.code}")


class _Redirects(HTTPRedirectHandler):
    """Follows the hub to its storage, but never out of https."""

    def __init__(self, base: str) -> None:
        self._base = base

    def redirect_request(  # noqa: PLR0917 - the base class's signature
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        if not _may_use(newurl, self._base):
            raise SourceFailed(urlsplit(self._base).hostname or self._base, "it leads to an address that is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _may_use(address: str, base: str) -> bool:
    """Allow https, and plain http between loopback addresses, for tests and mirrors on this computer."""
    there = urlsplit(address)
    local = urlsplit(base).hostname in _LOOPBACK and there.hostname in _LOOPBACK
    return there.scheme == "https" or (there.scheme == "http" and local)


def _blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while block := response.read(_BLOCK):
        yield block


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    return "it is out of reach" if isinstance(error, URLError) else "the connection broke off"
