"""Starting the page: which browser is opened, which port is taken, who may hold the page."""

from __future__ import annotations

import socket
import sys
import webbrowser
from pathlib import Path

import pytest

from assistant.errors import PageOpenElsewhere, PortTaken
from assistant.web import server


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was asked to show."""
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", asked.append)
    return asked


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac always has a screen")
def test_a_terminal_without_a_screen_is_not_taken_over(shown: list[str]) -> None:
    server.open_browser("a", {"TERM": "xterm"})
    server.open_browser("b", {"DISPLAY": ":0"})
    server.open_browser("c", {"WAYLAND_DISPLAY": "wayland-0"})
    server.open_browser("d", {"DISPLAY": ""})
    assert shown == ["b", "c"]


def test_a_taken_port_is_passed_over_and_one_that_was_asked_for_is_told(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr(server, "FIRST_PORT", taken)
        with server._socket(None) as ours:
            assert ours.getsockname()[0] == "127.0.0.1"
            assert taken < ours.getsockname()[1] < taken + 10
        with pytest.raises(PortTaken, match=str(taken)), server._socket(taken):
            pass


def test_the_page_is_held_by_one_and_its_address_is_for_this_account_alone(tmp_path: Path) -> None:
    with server._alone(tmp_path) as note:
        server._write(note, "http://127.0.0.1:1/?t=x")
        assert note.stat().st_mode & 0o777 == 0o600
        with pytest.raises(PageOpenElsewhere) as elsewhere, server._alone(tmp_path):
            pass
        assert elsewhere.value.address == "http://127.0.0.1:1/?t=x"
        assert "t=x" not in str(elsewhere.value)
        note.write_text("{", "utf-8")
        with pytest.raises(PageOpenElsewhere) as elsewhere, server._alone(tmp_path):
            pass
        assert elsewhere.value.address == ""
    assert not note.exists()
    with server._alone(tmp_path):
        pass
