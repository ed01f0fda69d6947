"""Remove: everything of ours goes after a typed yes, nothing else ever does; and `model` keeps the config file whole."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from assistant import config, resources, settings
from assistant.cli import model as model_cli
from assistant.cli import places, remove
from assistant.engine import catalogue
from assistant.errors import RemovalRefused, SettingsBroken

app = Typer()
app.command("remove")(remove.remove)
app.add_typer(model_cli.app, name="model")


def run(*arguments: str, typed: str = "") -> Result:
    """Run the command line with what a person types."""
    return CliRunner().invoke(app, list(arguments), input=typed)


@pytest.fixture(autouse=True)
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend that the program runs from a checkout of the test's own: the one that runs the tests stays out of reach."""
    checkout = tmp_path / "checkout"
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / "pyproject.toml").touch()
    monkeypatch.setattr(resources, "folder", lambda name: checkout / name)
    monkeypatch.setattr(sys, "prefix", str(checkout / ".venv"))
    return checkout / ".venv"


@pytest.fixture
def filled() -> settings.Settings:
    """Settings whose folders hold a model, an unfinished one, an index and a config file."""
    chosen = settings.load()
    default = catalogue.shipped().get(chosen.model).path(chosen)
    settings.private_folder(default.parent)
    default.write_bytes(b"x" * 3_000_000)
    default.with_name(f"{default.name}.part").write_bytes(b"x")
    settings.private_folder(chosen.index_dir)
    (chosen.index_dir / "chroma.sqlite3").write_bytes(b"x" * 1000)
    settings.config_file().write_text('country = "GB"\n', "utf-8")
    return chosen


def test_it_names_every_place_with_its_size(filled: settings.Settings) -> None:
    shown = run("remove", "--dry-run")
    assert shown.exit_code == 0
    assert f"3.0 MB  {filled.data_dir}" in shown.output
    assert str(settings.config_file()) in shown.output
    assert "pip cache purge" in shown.output
    assert filled.data_dir.exists()


@pytest.mark.parametrize("typed", ["\n", "no\n", "y\n", ""])
def test_nothing_goes_without_a_typed_yes(filled: settings.Settings, typed: str) -> None:
    assert run("remove", typed=typed).exit_code == 1
    assert filled.data_dir.exists()
    assert filled.cache_dir.exists()
    assert settings.config_file().exists()


def test_a_typed_yes_takes_all_of_it(filled: settings.Settings) -> None:
    assert run("remove", typed="yes\n").exit_code == 0
    assert not filled.data_dir.exists()
    assert not filled.cache_dir.exists()
    assert not settings.config_file().exists()


def test_a_chosen_folder_that_holds_other_things_is_left_whole(filled: settings.Settings) -> None:
    (filled.data_dir / "wedding.jpg").write_bytes(b"x")
    done = run("remove", "--yes")
    assert (done.exit_code, "such as wedding.jpg" in done.output) == (1, True)
    assert catalogue.shipped().get(filled.model).path(filled).exists()
    assert not filled.cache_dir.exists()


def test_a_model_of_the_persons_own_keeps_the_folder(filled: settings.Settings) -> None:
    (filled.models_dir / "mine.gguf").write_bytes(b"x")
    assert run("remove", "--yes").exit_code == 1
    assert (filled.models_dir / "mine.gguf").exists()


def test_a_link_is_refused_and_its_target_stays(filled: settings.Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    filled.data_dir.rename(elsewhere)
    filled.data_dir.symlink_to(elsewhere)
    done = run("remove", "--yes")
    assert (done.exit_code, "a link" in done.output) == (1, True)
    assert any(elsewhere.rglob("*.gguf"))


@pytest.mark.parametrize("where", ["/", "~", "~/.."])
def test_home_and_root_are_refused(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    path = Path(where).expanduser()
    monkeypatch.setenv("AFTERWORD_DATA_DIR", str(path))
    with pytest.raises(RemovalRefused, match="home"):
        places.delete(places.Place(path, "", 0), settings.load())


def test_the_folder_of_a_checkout_is_refused(filled: settings.Settings) -> None:
    (filled.data_dir / ".git").mkdir()
    with pytest.raises(RemovalRefused, match="working in it"):
        places.delete(places.Place(filled.data_dir, "", 0), filled)


def test_with_nothing_there_it_asks_nothing(home: Path) -> None:
    assert run("remove").exit_code == 0


def test_the_program_itself_stays_unless_it_is_asked_for(filled: settings.Settings, prefix: Path) -> None:
    shown = run("remove", "--yes")
    assert f"{prefix} is the program itself and stays" in shown.output
    assert prefix.exists()
    assert run("remove", "--yes", "--program").exit_code == 0
    assert not prefix.exists()


def test_an_environment_elsewhere_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/usr")
    assert places.program() is None


def test_a_model_is_removed_with_its_unfinished_download(filled: settings.Settings) -> None:
    assert run("model", "remove", filled.model, typed="n\n").exit_code == 1
    assert run("model", "remove", filled.model, "--yes").exit_code == 0
    assert list(filled.models_dir.iterdir()) == []


def test_a_file_of_ones_own_is_not_removed(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"x")
    assert "file of your own" in str(run("model", "remove", str(own), "--yes").exception)
    assert own.exists()


def test_the_list_tells_default_licence_size_and_what_is_in_use() -> None:
    shown = run("model", "list").output.splitlines()
    assert shown[0].startswith("qwen2.5-coder-1.5b    1.1 GB  Apache-2.0  in use")
    assert "for tests only" in next(line for line in shown if line.startswith("smollm2-135m"))


def test_use_keeps_the_choice_and_every_other_line(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF" + (3).to_bytes(4, "little") + bytes(100))
    settings.config_file().write_text('# mine\ncountry = "GB"\nmodel = "qwen3-4b"  # old\n', "utf-8")
    done = run("model", "use", str(own))
    assert (done.exit_code, "not one whose replies were checked" in done.output) == (0, True)
    assert settings.config_file().read_text("utf-8") == f'# mine\ncountry = "GB"\nmodel = "{own}"\n'
    assert stat.S_IMODE(settings.config_file().stat().st_mode) == 0o600
    assert settings.load().model == str(own)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'model = "a"\n'),
        ("seed = 1", 'model = "a"\nseed = 1'),
        ('[other]\nmodel = "b"\n', 'model = "a"\n[other]\nmodel = "b"\n'),
        ('models = "b"\n', 'model = "a"\nmodels = "b"\n'),
        ("model='b'\nseed = 1\n", 'model = "a"\nseed = 1\n'),
    ],
)
def test_only_the_one_line_of_the_config_file_changes(before: str, after: str) -> None:
    settings.config_file().write_text(before, "utf-8")
    config.write("model", "a")
    assert settings.config_file().read_text("utf-8") == after


@pytest.mark.parametrize("broken", ["seed = \n", "[[[", 'model = """\nlong\n"""\n'])
def test_a_config_file_that_cannot_be_changed_safely_is_left_as_it_is(broken: str) -> None:
    settings.config_file().write_text(broken, "utf-8")
    with pytest.raises(SettingsBroken):
        config.write("model", "a")
    assert settings.config_file().read_text("utf-8") == broken


@pytest.mark.parametrize("value", ['a "quoted" name', "C:\\models\\x.gguf", "/home/zoë/模型.gguf"])
def test_any_path_survives_the_config_file(value: str) -> None:
    config.write("model", value)
    assert settings.load().model == value
