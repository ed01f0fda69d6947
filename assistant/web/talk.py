"""The Talk page in Gradio: the only module that imports it, itself imported only once the server answers.

What it shows comes from `Tab`; here it is only laid out. Handlers take nothing from the page but the text in the box: the tab
is looked up by an id that the server keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import FastAPI

from assistant import prompts
from assistant.ending import EndedBy
from assistant.web import rendering
from assistant.web.tab import TAB
from assistant.web.theme import theme

if TYPE_CHECKING:
    from assistant.web.desk import Desk
    from assistant.web.tab import Tab, View

PATH = "/talk"
_HEAD = (
    '<link rel="icon" href="/static/icon.svg" type="image/svg+xml">'
    '<link rel="stylesheet" href="/static/afterword.css">'  # Gradio would rewrite the selectors of `css=`
    '<script src="/static/page.js"></script>'
)
_SECONDS = 2.0  # between two looks at what is being installed
_TABS = 4  # whose state Gradio keeps; ours are in the desk
_DAYS_AGO = {"days": 3, "month": 14, "season": 56, "longer": 120}  # the middle of each answer
_ENDED_BY: dict[str, EndedBy] = {"them": "them", "me": "me", "both": "both"}
Update = dict[str, Any]  # what gr.update returns
Updates = list[Any]


def mounted(desk: Desk, port: int) -> FastAPI:
    """Make the page and mount it in an app of its own, whose lifespan has to be entered before it is asked."""
    app: FastAPI = gr.mount_gradio_app(
        FastAPI(openapi_url=None, docs_url=None, redoc_url=None),
        _Page(desk).blocks,
        path=PATH,
        server_name="127.0.0.1",
        server_port=port,
        footer_links=[],
        run_history=False,
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=theme(),
        head=_HEAD,
    )
    return app


class _Page:
    """The components and their handlers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.blocks = self._laid_out()

    def _laid_out(self) -> gr.Blocks:
        word, fixed = prompts.shipped().page, prompts.shipped().fixed
        with gr.Blocks(title=word("labels.tab"), analytics_enabled=False) as blocks:
            self._tab = gr.State("")
            with gr.Row(elem_id="top"):
                gr.Button(word("labels.pause"), link="/pause", elem_id="pause")
                gr.Button(word("labels.help"), link="/help", elem_id="help")
            with gr.Column(elem_id="notice", visible=False) as self._notice:
                gr.Markdown(fixed("first-run"))
                with gr.Accordion(word("ending.title"), open=False, elem_id="ending"):
                    since = gr.Radio([word(f"ending.{name}") for name in _DAYS_AGO], label=word("ending.since"))
                    by = gr.Radio([word(f"ending.{name}") for name in _ENDED_BY], label=word("ending.by"))
                    gr.Markdown(word("ending.kept"))
                understood = gr.Button(word("labels.understood"), size="sm", scale=0)
            self._arrival = gr.Markdown(visible=False, elem_id="arrival")
            self._talk = gr.Chatbot(
                label=word("labels.talk"),
                show_label=False,
                elem_id="talk",
                height="auto",
                placeholder=word("labels.hello"),
                buttons=[],
                latex_delimiters=[],
                allow_tags=False,
                allow_file_downloads=False,
                sanitize_html=True,
                layout="bubble",
                group_consecutive_messages=True,
            )
            self._told = gr.Markdown(visible=False, elem_id="told")
            self._status = gr.Markdown(elem_id="status")
            self._card = gr.Markdown(visible=False, elem_id="card")
            self._box = gr.Textbox(
                label=word("labels.box"),
                placeholder=word("labels.placeholder"),
                lines=6,
                max_lines=18,
                elem_id="box",
                interactive=False,  # until the draft is in it: what is typed before would be lost
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            with gr.Row():
                self._send = gr.Button(word("labels.send"), variant="primary", elem_id="send")
                self._stop = gr.Button(word("labels.stop"), visible=False, elem_id="stop")
                self._edit = gr.Button(word("labels.edit"), visible=False, elem_id="edit")
                self._again = gr.Button(word("labels.again"), visible=False, elem_id="again")
            gr.Markdown(f"{word('labels.keys')} {rendering.escaped(fixed('not-saved'))}", elem_id="foot")
            self._timer = gr.Timer(_SECONDS)
            self._listen(blocks, understood, [since, by])
        blocks.queue(api_open=False, max_size=64)
        made: gr.Blocks = blocks
        return made

    def _listen(self, blocks: gr.Blocks, understood: gr.Button, told: list[gr.Radio]) -> None:
        shown = [self._talk, self._told, self._status, self._card, self._box, self._send, self._stop, self._edit, self._again]
        quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
        blocks.load(self._load, None, [self._tab, self._notice, *shown], **quietly)
        self._send.click(self._on_send, [self._tab, self._box], shown, **quietly)
        self._again.click(self._on_again, [self._tab], shown, **quietly)
        self._stop.click(self._on_stop, [self._tab], None, **quietly)  # the reply's own generator shows that it stopped
        self._edit.click(self._on_edit, [self._tab], shown, **quietly)
        # not `input`: Gradio fires that for keys alone, and a text pasted with the mouse would be lost
        self._box.change(self._on_typed, [self._tab, self._box], [self._card], trigger_mode="always_last", **quietly)
        understood.click(self._on_understood, told, [self._notice], **quietly)
        self._timer.tick(self._on_tick, None, [self._arrival, self._timer], **quietly)

    def _load(self, request: gr.Request) -> Updates:
        asked = str(dict(request.query_params).get("tab", ""))
        tab_id = asked if TAB.fullmatch(asked) else str(request.session_hash)
        tab = self._desk.tab(tab_id)
        return [tab_id, gr.update(visible=not self._desk.has_seen_notice), *self._updates(tab.load())]

    def _on_send(self, tab_id: str, text: str) -> Iterator[Updates]:
        yield from map(self._updates, self._of(tab_id).send(text or ""))

    def _on_again(self, tab_id: str) -> Iterator[Updates]:
        yield from map(self._updates, self._of(tab_id).again())

    def _on_stop(self, tab_id: str) -> None:
        self._of(tab_id).stop()

    def _on_edit(self, tab_id: str) -> Updates:
        return self._updates(self._of(tab_id).edit())

    def _on_typed(self, tab_id: str, text: str) -> Update:
        return _markdown(self._of(tab_id).typed(text or ""))

    def _on_understood(self, since: str | None, by: str | None) -> Update:
        word = prompts.shipped().page
        days_ago = next((days for name, days in _DAYS_AGO.items() if word(f"ending.{name}") == since), None)
        ended_by = next((who for name, who in _ENDED_BY.items() if word(f"ending.{name}") == by), None)
        self._desk.tell_ending(days_ago, ended_by)
        self._desk.see_notice()
        hidden: Update = gr.update(visible=False)
        return hidden

    def _on_tick(self) -> Updates:
        line = self._desk.arrival_line
        return [_markdown(line), gr.Timer(active=self._desk.arrival.is_under_way)]

    def _of(self, tab_id: str) -> Tab:
        return self._desk.tab(tab_id)

    def _updates(self, view: View | None) -> Updates:
        """Lay a view out over the components, in the order of `shown`."""
        if view is None:
            return [gr.skip()] * 9
        library = self._desk.library.library if self._desk.library else None
        status = prompts.shipped().page(f"status.{view.status}") if view.status else ""
        idle = not view.running
        box: dict[str, Any] = {} if view.box is None else {"value": view.box}
        return [
            rendering.messages(view, library),
            _markdown("\n".join(view.told)),
            f"{status}…" if view.running and status else status,
            _markdown(view.card),
            gr.update(interactive=idle, **box),
            gr.update(visible=idle),
            gr.update(visible=view.running),
            gr.update(visible=idle and bool(view.exchanges)),
            gr.update(visible=idle and bool(view.exchanges)),
        ]


def _markdown(text: str) -> Update:
    update: Update = gr.update(value=rendering.escaped(text).replace("\n", "  \n"), visible=bool(text))
    return update
