"""The guard before the page: its matrix, header by header, on a small app of its own."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.web.guard import CSP, MAX_BODY, Guard

TOKEN = "t" * 43
HERE = "http://127.0.0.1:7467"
COOKIE = {"cookie": f"afterword-7467={TOKEN}"}


@pytest.fixture
def client() -> TestClient:
    """A browser that follows no redirect, before an app that answers everything with 'inside'."""
    return TestClient(Guard(PlainTextResponse("inside"), 7467, TOKEN, "/talk/"), base_url=HERE, follow_redirects=False)


def test_without_the_token_nothing_is_shown(client: TestClient) -> None:
    refused = client.get("/")
    assert refused.status_code == 403
    assert "inside" not in refused.text


@pytest.mark.parametrize("given", ["", "t", TOKEN[:-1], TOKEN + "t", TOKEN.upper(), "%00"])
def test_a_wrong_token_opens_nothing(client: TestClient, given: str) -> None:
    assert client.get(f"/?t={given}").status_code == 403
    assert client.get("/", headers={"cookie": f"afterword-7467={given}"}).status_code == 403
    assert client.get("/", headers={"cookie": f"afterword-7468={TOKEN}"}).status_code == 403


def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_cannot_use(client: TestClient) -> None:
    welcome = client.get(f"/pause?t={TOKEN}")
    assert welcome.status_code == 303
    assert welcome.headers["location"] == "/pause"
    cookie = welcome.headers["set-cookie"]
    assert cookie.startswith("afterword-7467=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert client.get("/", headers=COOKIE).text == "inside"


def test_the_token_sends_nobody_to_another_host(client: TestClient) -> None:
    assert client.get(f"{HERE}//evil.example/?t={TOKEN}").headers["location"] == "/evil.example/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7467", "127.0.0.1:7468", "127.0.0.1", "127.0.0.1.evil.example:7467", ""])
def test_an_evil_host_is_refused_with_the_token_too(client: TestClient, host: str) -> None:
    assert client.get("/", headers={**COOKIE, "host": host}).status_code == 400


def test_localhost_is_ours(client: TestClient) -> None:
    assert client.get("/", headers={**COOKIE, "host": "localhost:7467", "origin": "http://localhost:7467"}).text == "inside"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:7468", "https://127.0.0.1:7467", "http://127.0.0.1"])
def test_an_evil_origin_is_refused(client: TestClient, origin: str) -> None:
    assert client.post("/talk/gradio_api/queue/join", headers={**COOKIE, "origin": origin}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_request_is_refused(client: TestClient, site: str) -> None:
    assert client.get("/", headers={**COOKIE, "sec-fetch-site": site}).status_code == 403


def test_a_cross_site_upload_is_refused_and_our_own_has_no_place_to_go(client: TestClient) -> None:
    evil = {**COOKIE, "origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert client.post("/talk/gradio_api/upload", headers=evil, files={"files": b"x"}).status_code == 403
    assert client.post("/talk/gradio_api/upload", headers=COOKIE, files={"files": b"x"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/info",
        "gradio_api/openapi.json",
        "gradio_api/runs",
        "gradio_api/file=/etc/passwd",
        "gradio_api/file=http://evil.example/",
        "gradio_api/proxy=http://evil.example/",
        "gradio_api/call/x",
        "gradio_api/run/predict",
        "gradio_api/mcp/sse",
        "monitoring",
        "monitoring/summary",
        "docs",
        "openapi.json",
        "login",
        "manifest.json",
        "assets/../gradio_api/info",
    ],
)
def test_gradios_other_routes_are_not_there(client: TestClient, path: str) -> None:
    assert client.get(f"/talk/{path}", headers=COOKIE).status_code == 404


def test_every_answer_carries_the_policy_and_is_not_stored(client: TestClient) -> None:
    for answer in (client.get("/", headers=COOKIE), client.get("/"), client.get("/", headers={"host": "evil.example"})):
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
    assert "unsafe-eval" not in CSP


def test_a_body_over_the_limit_is_refused(client: TestClient) -> None:
    assert client.post("/", headers={**COOKIE, "content-length": str(MAX_BODY + 1)}, content=b"x").status_code == 413
    assert client.post("/", headers={**COOKIE, "content-length": "many"}, content=b"x").status_code == 413


def test_there_are_no_websockets(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/", headers=COOKIE):
        pass
    assert refused.value.code == 1008
