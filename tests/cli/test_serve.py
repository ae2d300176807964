"""The commands of the page: what they accept, and how they refuse."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli import application as cli
from mesa_llm_city.cli import serve as cli_serve
from mesa_llm_city.experiments import RunOptions, run

_UP_S = 120.0


def _call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.APPLICATION, [str(one) for one in arguments])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, object], str, int]]:
    """Return what would be shown, instead of showing it."""
    found: list[tuple[dict[str, object], str, int]] = []

    def note(source: object, *, host: str, port: int, **_: object) -> None:
        found.append((json.loads(source.to_json()), host, port))  # type: ignore[attr-defined]

    pytest.importorskip("solara")
    monkeypatch.setattr(cli_serve, "_show", note)
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> tuple[Path, Path]:
    """Return the folders of two runs of the same people, of one and of two days."""
    del empty_pictures
    home = tmp_path_factory.mktemp("runs")
    one = run(RunOptions(citizens=4, out=home / "one"))
    return one, run(RunOptions(citizens=4, out=home / "other", days=2))


def test_serve_has_the_options_of_run(shown: list[tuple[dict[str, object], str, int]]) -> None:
    result = _call("serve", "town_day", "--citizens", "20", "--seed", "3", "--port", "9001")
    assert result.exit_code == 0, result.output
    ((source, host, port),) = shown
    assert (host, port) == ("127.0.0.1", 9001)
    options = source["options"]
    assert isinstance(options, dict)
    assert (options["model"], options["citizens"], options["seed"]) == ("town_day", 20, 3)


def test_a_file_of_options_counts_as_well(
    shown: list[tuple[dict[str, object], str, int]], tmp_path: Path
) -> None:
    config = tmp_path / "page.toml"
    config.write_text("citizens = 7\n")
    assert _call("serve", "town_day", "--config", config).exit_code == 0
    options = shown[0][0]["options"]
    assert isinstance(options, dict)
    assert options["citizens"] == 7


def test_it_listens_elsewhere_only_on_request(
    shown: list[tuple[dict[str, object], str, int]],
) -> None:
    _call("serve", "town_day", "--host", "0.0.0.0")  # noqa: S104 - refused by no one, but told
    assert shown[0][1] == "0.0.0.0"  # noqa: S104


def test_impossible_options_are_reported_before_anything_is_started(
    shown: list[tuple[dict[str, object], str, int]],
) -> None:
    result = _call("serve", "twon_day")
    assert result.exit_code == 2
    assert "did you mean town_day?" in result.output
    assert shown == []


def test_options_are_checked_without_loading_what_the_server_needs() -> None:
    pytest.importorskip("solara")
    program = (
        "import sys; from mesa_llm_city.cli import application, serve; "
        'heavy = {"mesa", "solara", "pandas", "scipy"}; '
        "serve._serve = lambda *_, **__: print(heavy & {*sys.modules}); application.main()"
    )
    command = [sys.executable, "-c", program, "serve", "town_day", "--citizens", "20"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told.strip() == "set()"


def test_a_page_leaves_no_folder_so_there_is_no_option_for_it() -> None:
    told = _call("serve", "--help").output
    assert "--citizens" in told
    assert "--out " not in told
    assert "--force" not in told


def test_replay_refuses_what_is_no_run(tmp_path: Path) -> None:
    pytest.importorskip("solara")
    result = _call("replay", tmp_path)
    assert result.exit_code == 2
    assert "manifest.json" in result.output
    assert "mesa-llm-city run" in result.output


def test_replay_compares_two_runs_under_names_that_are_given(
    shown: list[tuple[dict[str, object], str, int]], runs: tuple[Path, Path]
) -> None:
    one, other = runs
    result = _call("replay", one, other, "--name-b", "two days")
    assert result.exit_code == 0, result.output
    source = shown[0][0]
    assert (source["folder"], source["second"]) == (str(one.resolve()), str(other.resolve()))
    assert source["names"] == ["", "two days"]
    result = _call("replay", one, one)
    assert result.exit_code == 2
    assert "are the same folder; give the folders of two runs" in " ".join(result.output.split())
    result = _call("replay", one, "--name-b", "two days")
    assert result.exit_code == 2
    assert "give the folder of a second run" in " ".join(result.output.split())
    assert len(shown) == 1


def test_a_taken_port_is_reported() -> None:
    pytest.importorskip("solara")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        result = _call("serve", "town_day", "--port", str(one.getsockname()[1]))
    assert result.exit_code == 2
    assert "choose another with --port" in result.output


def test_a_missing_library_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_serve, "find_spec", lambda _: None)
    result = _call("serve", "town_day")
    assert result.exit_code == 2
    assert "pip install 'mesa-llm-city[viz]'" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("polite", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_on_loopback_until_it_is_stopped(
    runs: tuple[Path, Path], polite: signal.Signals
) -> None:
    pytest.importorskip("solara")
    folder, _ = runs
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    # Whoever runs the tests in the background ignores Ctrl-C, and children inherit that.
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from mesa_llm_city.cli.application import main; main()"
    )
    told = [sys.executable, "-c", program, "replay", str(folder), "--port", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(told, start_new_session=True, stdout=pipe, text=True) as server:
        try:
            assert server.stdout is not None
            assert "starting" in server.stdout.readline()
            assert f"http://127.0.0.1:{port}" in server.stdout.readline()
            assert _answers(port, patience_s=0.0)  # told once it can be opened
            server.send_signal(polite)
            server.wait(timeout=60)
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
    assert not _answers(port, patience_s=0.0)


def _answers(port: int, *, patience_s: float = _UP_S) -> bool:
    end_s = time.monotonic() + patience_s
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=10.0) as page:
                return bool(page.status == 200)
        except (URLError, ConnectionError):
            if time.monotonic() >= end_s:
                return False
            time.sleep(0.5)
