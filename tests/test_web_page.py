"""The page in a real browser: system Chromium, the real server in its own process, the small model, the real library."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import required

ENTRY = "It has been five weeks. I still set out two mugs in the morning and then I put one back. I keep wanting to text her tonight."
CANARY = "the heron with one leg stood on the weir"
_SECONDS = 60_000  # milliseconds that Playwright waits for what takes a model
expect.set_options(timeout=20_000)  # these machines are noisy; how fast it is, the bench says


@dataclass
class Server:
    """A running page: its process, its address with the token, and where it listens."""

    process: subprocess.Popen[str]
    address: str
    said: Path = field(default_factory=Path)

    @property
    def base(self) -> str:
        """The address without path and token."""
        return self.address.partition("/?")[0]

    @property
    def cookie(self) -> str:
        """The cookie that the token becomes."""
        return f"afterword-{self.base.rpartition(':')[2]}={self.address.partition('t=')[2]}"

    def worker(self, library: str) -> int:
        """Find the worker process that has a native library loaded, waiting until there is one."""
        for _ in range(300):
            for pid in _children(self.process.pid):
                if library in _maps(pid):
                    return pid
            time.sleep(0.1)
        raise AssertionError(f"no worker has {library}")

    def threads(self) -> int:
        """Count the server's threads."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(child) for child in listed.split()]


def _maps(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text("utf-8", "replace")
    except OSError:
        return ""


def start(folder: Path, *arguments: str, model: Path | None = None) -> Server:
    """Start the page over `folder`, with the model if one is given."""
    models = folder / "data" / "models"
    models.mkdir(parents=True, exist_ok=True)
    given = ["--model", str(model)] if model else []
    command = [sys.executable, "-m", "assistant", "web", "--no-browser", "--port", "0", *given, *arguments]
    surroundings = {**os.environ, "HOME": str(folder), "AFTERWORD_DATA_DIR": str(folder / "data"), "LC_ALL": "C.UTF-8"}
    surroundings |= {"AFTERWORD_CACHE_DIR": str(folder / "cache"), "AFTERWORD_CONFIG": str(folder / "config.toml"), "AFTERWORD_SEED": "1"}
    said = folder / "stderr"
    process = subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, stderr=said.open("w"), text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), said.read_text("utf-8")
    return Server(process, address, said)


def stop(server: Server) -> None:
    """Close the page as Ctrl-C does."""
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(20) == 0
    assert "Traceback" not in server.said.read_text("utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, small_model: Path, made_index: Path) -> Iterator[Server]:
    """One page for the tests of this file."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(made_index, folder / "cache")
    made = start(folder, model=small_model)
    yield made
    assert holding(folder, CANARY, ENTRY) == []  # while it still runs: nothing that was typed is in any file of the person's
    stop(made)
    assert holding(folder, CANARY, ENTRY) == []


def holding(folder: Path, *texts: str) -> list[Path]:
    """Return the files under HOME, data, cache and standard error that hold one of the texts."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(text.encode() in path.read_bytes() for text in texts)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        required("no Chromium on this computer")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile with an empty cache."""
    made = browser.new_context()
    made.set_default_timeout(_SECONDS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    """The Talk page, ready to write on."""
    return opened(context, server)


def opened(context: BrowserContext, server: Server) -> Page:
    """Open a new tab and wait until Gradio's page is there."""
    made = context.new_page()
    made.goto(server.address)
    expect(made.locator("#box textarea")).to_be_visible(timeout=_SECONDS)
    expect(made.locator("#box textarea")).to_be_editable()
    return made


def send(page: Page, text: str) -> None:
    """Type an entry and send it with the keyboard."""
    page.locator("#box textarea").fill(text)
    page.locator("#box textarea").press("Control+Enter")


def answered(page: Page, count: int = 1) -> None:
    """Wait until `count` answers stand there whole."""
    expect(page.locator("#edit")).to_be_visible(timeout=_SECONDS)
    expect(page.locator("#talk .bot-row")).to_have_count(count)


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is true."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.1)


@pytest.mark.model
def test_an_entry_gets_an_answer_whose_source_opens_and_nothing_leaves_or_stays(context: BrowserContext, server: Server) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = opened(context, server)
    send(page, f"{ENTRY} {CANARY}")
    answered(page)
    passage = page.locator("#talk").get_by_text("What stands behind it").first
    expect(passage).not_to_be_visible()
    page.locator("#talk").get_by_text("Where this comes from").first.click()
    expect(passage).to_be_visible()
    expect(page.locator("#box textarea")).to_have_value("")
    foreign = [url for url in asked if not url.startswith((server.base, "data:", "blob:"))]
    assert foreign == []
    kept = page.evaluate(
        "async () => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), "
        "(await indexedDB.databases()).map(d => d.name), await caches.keys()])"
    )
    assert "heron" not in kept
    assert "mugs" not in kept
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


@pytest.mark.model
def test_stop_works_twenty_times_in_a_row_and_leaves_no_thread(page: Page, server: Server) -> None:
    send(page, "The kettle is on.")
    answered(page)
    before = server.threads()
    for _ in range(20):
        send(page, ENTRY)
        page.locator("#stop").click()
        expect(page.locator("#send")).to_be_visible()
    until(lambda: server.threads() <= before + 2)  # Gradio's own pool may grow by one or two
    shown = page.locator("#talk .user-row").count()
    send(page, "The kettle is off.")
    expect(page.locator("#talk .user-row")).to_have_count(shown + 1)
    expect(page.locator("#stop")).not_to_be_visible()


@pytest.mark.model
def test_killing_the_model_in_mid_reply_costs_one_sentence_and_the_entry_is_in_the_box(page: Page, server: Server) -> None:
    send(page, "The kettle is on.")
    answered(page)
    page.wait_for_timeout(2000)  # the turn is read ahead in this time
    pid = server.worker("libllama")
    os.kill(pid, signal.SIGSTOP)  # so that it is surely killed while it writes
    send(page, ENTRY)
    expect(page.locator("#status")).to_contain_text("Writing")
    os.kill(pid, signal.SIGKILL)
    expect(page.locator("#told")).to_contain_text("Nothing you wrote is lost")
    expect(page.locator("#box textarea")).to_have_value(ENTRY)
    page.locator("#box textarea").press("Control+Enter")
    expect(page.locator("#told")).not_to_be_visible()
    expect(page.locator("#box textarea")).to_have_value("")
    assert page.locator("#talk .user-row").count() == 2


@pytest.mark.model
def test_a_reload_in_mid_reply_leaves_the_entry_in_the_box(page: Page, server: Server) -> None:
    send(page, "The kettle is on.")
    answered(page)
    pid = server.worker("libllama")
    os.kill(pid, signal.SIGSTOP)
    try:
        send(page, ENTRY)
        expect(page.locator("#status")).to_contain_text("Writing")
        page.reload()
        expect(page.locator("#box textarea")).to_have_value(ENTRY)
        expect(page.locator("#talk .user-row")).to_have_count(1)
    finally:
        os.kill(pid, signal.SIGCONT)
    page.locator("#box textarea").press("Control+Enter")
    answered(page, 2)


@pytest.mark.model
def test_two_tabs_do_not_mix(context: BrowserContext, server: Server) -> None:
    one, two = opened(context, server), opened(context, server)
    send(one, f"One wrote this. {ENTRY}")
    send(two, f"Two wrote this. {ENTRY}")
    answered(one)
    answered(two)
    assert "Two wrote" not in one.locator("#talk").inner_text()
    assert "One wrote" not in two.locator("#talk").inner_text()


@pytest.mark.model
def test_help_and_pause_need_no_worker_and_lead_back_to_the_draft(page: Page, server: Server) -> None:
    send(page, "The kettle is on.")
    answered(page)
    for library in ("libllama", "libtorch"):
        os.kill(server.worker(library), signal.SIGKILL)
    page.locator("#box textarea").click()
    page.keyboard.insert_text(CANARY)
    page.wait_for_timeout(1000)  # the draft goes to the server while someone types
    page.locator("#pause").click()
    expect(page.get_by_role("heading")).to_contain_text("You don't have to decide anything")
    page.get_by_role("link", name="I need help now").click()
    expect(page.get_by_role("heading")).to_have_text("I need help now")
    page.get_by_label("Country").select_option("GB")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("116 123")
    page.get_by_role("link", name="Back to writing").click()
    expect(page.locator("#box textarea")).to_have_value(CANARY)
    expect(page.locator("#talk .user-row")).to_have_count(1)


@pytest.mark.model
def test_a_line_of_danger_shows_help_while_it_is_typed(page: Page) -> None:
    page.locator("#box textarea").press_sequentially("i want to kill myself", delay=5)
    expect(page.locator("#card")).to_contain_text("danger")


@pytest.mark.model
def test_marks_images_and_scripts_are_shown_as_they_were_typed_and_load_nothing(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    typed = (
        "![x](https://evil.example/a.png) <img src=https://evil.example/b.png onerror=alert(1)> **bold** <script>alert(2)</script> $$x$$"
    )
    send(page, typed)
    answered(page)
    expect(page.locator("#talk .user-row")).to_contain_text(typed)
    assert page.locator("#talk img").count() == 0
    assert not any("evil" in url for url in asked)
    blocked = page.evaluate(
        "() => new Promise(done => { addEventListener('securitypolicyviolation', e => done(e.violatedDirective)); "
        "const i = new Image(); i.src = 'https://evil.example/c.png'; document.body.append(i); })"
    )
    assert blocked == "img-src"
    page.add_script_tag(content="setTimeout(() => { try { window.made = eval('1') } catch { window.made = 'refused' } })")
    page.wait_for_function("window.made")
    assert page.evaluate("window.made") == "refused"


@pytest.mark.model
def test_the_last_entry_can_be_changed_and_answered_anew(page: Page) -> None:
    send(page, ENTRY)
    answered(page)
    page.locator("#again").click()
    expect(page.locator("#stop")).to_be_visible()
    answered(page)
    page.locator("#edit").click()
    expect(page.locator("#box textarea")).to_have_value(ENTRY)
    expect(page.locator("#talk .user-row")).to_have_count(0)


@pytest.mark.model
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scroll_and_the_theme_follows_the_system(browser: Browser, server: Server, scheme: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = opened(context, server)
        send(page, "The kettle is on.")
        answered(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        for path in ("/help?country=GB", "/pause"):
            page.goto(server.base + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    assert (paper == "rgb(29, 31, 34)") == (scheme == "dark")


@pytest.mark.model
def test_the_real_server_keeps_the_guards_matrix(server: Server, socket_enabled: None) -> None:
    def status(path: str, **headers: str) -> int:
        lines = [f"GET {path} HTTP/1.1", "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
        if "Host" not in headers:
            lines.append(f"Host: {server.base.removeprefix('http://')}")
        with socket.socket() as made:
            made.connect(("127.0.0.1", int(server.base.rpartition(":")[2])))
            made.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return int(made.recv(64).split()[1])

    cookie = server.cookie
    assert status("/talk/", Cookie=cookie) == 200
    assert status("/talk/") == 403
    assert status("/talk/", Cookie=cookie, Host="evil.example") == 400
    assert status("/talk/", Cookie=cookie, Origin="https://evil.example") == 403
    for path in ("/docs", "/openapi.json", "/talk/docs", "/talk/gradio_api/info", "/talk/gradio_api/openapi.json", "/talk/monitoring"):
        assert status(path, Cookie=cookie) == 404, path


def test_writing_help_and_pause_come_before_the_ai_and_a_draft_goes_along(browser: Browser, tmp_path: Path) -> None:
    server = start(tmp_path)
    try:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(server.address.replace("/?", "/pause?"))
            expect(page.get_by_role("heading")).to_contain_text("ten minutes")
            page.goto(server.base)
            if "/talk/" not in page.url:
                page.locator("#draft").fill(CANARY)
            expect(page.locator("#box textarea")).to_be_visible(timeout=_SECONDS)
            page.locator("#box textarea").fill(ENTRY)
            page.locator("#box textarea").press("Control+Enter")
            expect(page.locator("#told")).to_contain_text("the AI is resting", timeout=_SECONDS)
            expect(page.locator("#told")).to_contain_text("afterword model pull")
    finally:
        stop(server)


def test_a_draft_typed_before_gradio_is_there_is_in_the_box_afterwards(browser: Browser, tmp_path: Path, small_model: Path) -> None:
    server = start(tmp_path, "--no-model")
    try:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(server.address)
            assert page.locator("#draft").count() == 1, "Gradio was there before the first page"
            page.locator("#draft").press_sequentially(CANARY)
            expect(page.locator("#box textarea")).to_have_value(CANARY, timeout=_SECONDS)
    finally:
        stop(server)


def test_a_second_copy_says_that_the_page_is_open_and_gives_its_address(tmp_path: Path) -> None:
    server = start(tmp_path)
    try:
        surroundings = {**os.environ, "HOME": str(tmp_path), "AFTERWORD_DATA_DIR": str(tmp_path / "data")}
        command = [sys.executable, "-m", "assistant", "--no-browser"]
        second = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=60)
        assert second.returncode == 0
        assert second.stdout.strip() == server.address
        assert "open already" in second.stderr
    finally:
        stop(server)
    assert not (tmp_path / "data" / "page.json").exists()


def test_a_port_in_use_is_one_plain_sentence(tmp_path: Path) -> None:
    server = start(tmp_path / "one")
    try:
        port = server.base.rpartition(":")[2]
        surroundings = {**os.environ, "HOME": str(tmp_path), "AFTERWORD_DATA_DIR": str(tmp_path / "two")}
        command = [sys.executable, "-m", "assistant", "web", "--no-browser", "--port", port]
        second = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=60)
        assert second.returncode == 1
        assert re.fullmatch(rf"Another program uses port {port}\. [^\n]+\n", second.stderr)
    finally:
        stop(server)


@pytest.mark.default_model
def test_the_real_default_model_answers_in_the_page(browser: Browser, tmp_path: Path, default_model: Path, made_index: Path) -> None:
    shutil.copytree(made_index, tmp_path / "cache")
    server = start(tmp_path, model=default_model)
    try:
        with browser.new_context() as context:
            page = opened(context, server)
            send(page, ENTRY)
            answered(page)
            said = page.locator("#talk .bot-row").inner_text()
            assert re.match(r"You (wrote|said|put)", said)
            assert "AI is resting" not in page.locator("body").inner_text()
    finally:
        stop(server)
