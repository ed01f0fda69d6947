"""The plain pages and what they say when a part is missing; no browser, no Gradio, no worker."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from starlette.testclient import TestClient

from assistant import helplines, settings
from assistant.errors import HelplinesBroken
from assistant.web import app, talk
from assistant.web.desk import Desk
from assistant.wiring import Parts

TAB = "tab-one1"


@pytest.fixture
def desk() -> Desk:
    """A desk that never opens."""
    return Desk(settings.load())


@pytest.fixture
def client(desk: Desk) -> TestClient:
    """The app without its guard and without its lifespan: Gradio is never made."""
    return TestClient(app.make(desk, 7467), follow_redirects=False)


def test_every_country_has_its_lines_on_the_help_page(client: TestClient) -> None:
    for lines in helplines.load().countries:
        page = client.get(f"/help?country={lines.code}").text
        assert f'value="{lines.code}" selected' in page
        assert all(part in page for part in lines.of("emergency")[0].call.split())


def test_a_country_is_chosen_once_and_remembered(client: TestClient, desk: Desk) -> None:
    answer = client.post("/country", content=f"country=GB&tab={TAB}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/help?tab={TAB}")
    assert "116 123" in client.get("/help").text
    assert settings.load().country == "GB"
    assert "116 123" in desk.tab(TAB).typed("i want to kill myself")
    client.post("/country", content=b"country=ZZ\xff")
    assert settings.load().country == "GB"


@pytest.mark.parametrize("country", ["", "ZZ", "<script>", "GB%00", "x" * 500])
def test_an_unknown_country_gets_directories_and_no_number(client: TestClient, country: str) -> None:
    page = client.get("/help", params={"country": country}).text
    assert "findahelpline.com" in page
    assert "<script>" not in page


def test_help_survives_a_broken_table(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> helplines.Table:
        raise HelplinesBroken("it cannot be read")

    monkeypatch.setattr(helplines, "load", broken)
    page = client.get("/help")
    assert page.status_code == 200
    assert "call your local emergency number" in page.text


def test_the_pause_needs_no_script(client: TestClient) -> None:
    page = client.get("/pause").text
    assert "ten minutes" in page
    assert "<script" not in page


def test_links_between_the_plain_pages_keep_the_tab_and_nothing_else(client: TestClient) -> None:
    assert f'href="/?tab={TAB}"' in client.get(f"/pause?tab={TAB}").text
    assert f'value="{TAB}"' in client.get(f"/help?tab={TAB}").text
    evil = client.get("/pause", params={"tab": '"><script>alert(1)</script>'}).text
    assert "<script" not in evil
    assert 'href="/"' in evil


def test_a_draft_is_kept_for_its_tab_and_shown_as_it_was_typed(client: TestClient, desk: Desk) -> None:
    typed = "</textarea><script>alert(1)</script> \U0001f494 \n two lines"
    assert client.put(f"/draft/{TAB}", json={"text": typed}).status_code == 204
    assert desk.tab(TAB).draft == typed
    page = client.get(f"/?tab={TAB}").text
    assert "</textarea><script>" not in page
    assert "two lines" in page
    assert "two lines" not in client.get("/?tab=tab-two2").text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"text": 1}', b"\xff"])
def test_a_draft_of_another_form_is_refused_and_changes_nothing(client: TestClient, desk: Desk, body: bytes) -> None:
    desk.tab(TAB).draft = "before"
    assert client.put(f"/draft/{TAB}", content=body).status_code == 422
    assert client.put("/draft/..", json={"text": "x"}).status_code in (404, 405, 422)
    assert desk.tab(TAB).draft == "before"


def test_what_is_not_ours_is_not_there(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/openapi.json").status_code == 404
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/talk/").headers["location"] == "/"


def test_a_page_that_cannot_be_made_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(desk: Desk, port: int) -> None:
        raise ModuleNotFoundError("No module named 'gradio'")

    monkeypatch.setattr(talk, "mounted", missing)
    with TestClient(app.make(desk, 7467), follow_redirects=False) as client:
        for _ in range(100):
            told = client.get("/ready").json()
            if told["trouble"]:
                break
        assert "make run" in told["trouble"]
        assert told["trouble"] in client.get("/").text.replace("&#39;", "'")
        assert client.get("/help").status_code == 200


@pytest.mark.parametrize("error", [HelplinesBroken("it cannot be read"), ModuleNotFoundError("x", name="chromadb")])
def test_parts_that_cannot_be_put_together_are_named_on_the_page(error: Exception) -> None:
    def make(chosen: settings.Settings, *, use_model: bool) -> AbstractContextManager[Parts]:
        raise error

    broken = Desk(settings.load(), make=make)
    broken.open()
    (told,) = broken.tab(TAB).load().told
    assert "helplines" in told or "chromadb is not installed" in told
    *_, last = [view for view in broken.tab(TAB).send("The kettle is on.") if view is not None]
    assert last.box == "The kettle is on."
    assert last.told
    broken.close()
