"""Our own FastAPI app: the plain pages answer at once, and Gradio's page from the moment it is made."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import prompts
from assistant.errors import AfterwordError
from assistant.web import plain
from assistant.web.desk import Desk
from assistant.web.guard import Guard
from assistant.web.tab import TAB

PREFIX = "/talk/"
# What the help page says when even its own words cannot be read.
_BARE_HELP = "If someone is in danger now, call your local emergency number. Help lines of every country: findahelpline.com"


class LaterPages:
    """Gradio's pages. Made in a thread once the server answers, because importing Gradio takes seconds."""

    def __init__(self, desk: Desk, port: int) -> None:
        self._desk = desk
        self._port = port
        self._app: ASGIApp | None = None
        self._closing = asyncio.Event()
        self.trouble = ""

    @property
    def are_ready(self) -> bool:
        """Say whether they can be asked."""
        return self._app is not None

    async def live(self) -> None:
        """Make the pages, hold their lifespan open until `close`, and then start what makes replies."""
        try:
            inner = await asyncio.to_thread(self._made)
        except Exception as error:  # noqa: BLE001 - a page that says what is missing is better than none
            self.trouble = f"{prompts.shipped().page('plain.broken')} ({type(error).__name__}). `make run` puts back what is missing."
            return
        async with inner.router.lifespan_context(inner):
            self._app = inner
            opening = asyncio.create_task(asyncio.to_thread(self._desk.open))
            await self._closing.wait()
            self._app = None
            opening.cancel()

    def close(self) -> None:
        """End the lifespan."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from Gradio, or send the browser to the page that waits."""
        app = self._app or RedirectResponse("/", 303)
        await app(scope, receive, send)

    def _made(self) -> FastAPI:
        from assistant.web import talk

        return talk.mounted(self._desk, self._port)


def guarded(desk: Desk, port: int, token: str) -> Guard:
    """Return the whole app behind its guard."""
    return Guard(make(desk, port), port, token, PREFIX)


def make(desk: Desk, port: int) -> FastAPI:
    """Make the app without its guard."""
    pages = LaterPages(desk, port)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001 - FastAPI passes it
        living = asyncio.create_task(pages.live())
        yield
        pages.close()
        await asyncio.gather(living, return_exceptions=True)

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.mount("/static", StaticFiles(directory=plain.STATIC))
    _add_writing(app, desk, pages)
    _add_help(app, desk)
    app.mount("/", _OnlyTalk(pages))
    return app


class _OnlyTalk:
    """Passes on what lies under the prefix, with its whole path, since Gradio is mounted there itself; the rest is not there."""

    def __init__(self, pages: LaterPages) -> None:
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._pages(scope, receive, send)
        else:
            await Response("There is no such page.", 404, media_type="text/plain")(scope, receive, send)


def _add_writing(app: FastAPI, desk: Desk, pages: LaterPages) -> None:
    @app.get("/")
    def start(tab: str = "") -> Response:
        tab_id = tab if TAB.fullmatch(tab) else secrets.token_urlsafe(9)
        if pages.are_ready:
            return RedirectResponse(f"{PREFIX}?tab={tab_id}", 303)
        line = pages.trouble or desk.trouble or desk.arrival_line or prompts.shipped().page("plain.opening")
        return HTMLResponse(plain.first(tab_id, desk.tab(tab_id).draft, line))

    @app.get("/favicon.ico")
    def icon() -> Response:
        return RedirectResponse("/static/icon.svg", 303)

    @app.get("/ready")
    def ready() -> Response:
        return JSONResponse({"ready": pages.are_ready, "trouble": pages.trouble})

    @app.put("/draft/{tab}")
    async def draft(tab: str, request: Request) -> Response:
        text = await _text(request)
        if text is None or not TAB.fullmatch(tab):
            return Response(status_code=422)
        desk.tab(tab).draft = text
        return Response(status_code=204)


def _add_help(app: FastAPI, desk: Desk) -> None:
    @app.get("/help")
    def help_page(tab: str = "", country: str | None = None) -> Response:
        try:
            return HTMLResponse(plain.help_page(_known(tab), desk.country, country))
        except AfterwordError as error:
            return Response(f"{_BARE_HELP}\n\n{error}", media_type="text/plain")

    @app.post("/country")
    async def choose_country(request: Request) -> Response:
        told = parse_qs((await request.body()).decode("utf-8", "replace"))
        code, tab = told.get("country", [""])[0], _known(told.get("tab", [""])[0])
        if plain.has_lines(code):
            desk.choose_country(code)
        return RedirectResponse(f"/help?tab={tab}" if tab else "/help", 303)

    @app.get("/pause")
    def pause_page(tab: str = "") -> Response:
        return HTMLResponse(plain.pause_page(_known(tab)))


async def _text(request: Request) -> str | None:
    """Read {"text": "..."}, or None when the body is something else."""
    try:
        text = (await request.json())["text"]
    except (ValueError, KeyError, TypeError):
        return None
    return text if isinstance(text, str) else None


def _known(tab: str) -> str:
    return tab if TAB.fullmatch(tab) else ""
