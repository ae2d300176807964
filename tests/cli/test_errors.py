"""How the command line ends: one message, and an exit code that says why."""

from __future__ import annotations

import errno
import os
import signal

import pytest
import typer

from mesa_llm_city.cli.errors import BAD_INPUT, TERMINATED, explained_errors


def _ended(capsys: pytest.CaptureFixture[str], error: BaseException) -> tuple[int, str]:
    with pytest.raises(typer.Exit) as caught, explained_errors():
        raise error
    return caught.value.exit_code, capsys.readouterr().err


def test_faults_of_the_machine_are_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "runs/one")
    assert _ended(capsys, full) == (BAD_INPUT, "error: runs/one: No space left on device\n")
    code, told = _ended(capsys, MemoryError())
    assert code == BAD_INPUT
    assert "memory of this machine is too small; try fewer citizens" in told


def test_a_reader_that_has_gone_is_left_to_the_command_line() -> None:
    with pytest.raises(BrokenPipeError), explained_errors():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_sigterm_ends_a_command_with_its_notes(capsys: pytest.CaptureFixture[str]) -> None:
    def run() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt as error:
            error.add_note("12 answers are kept in runs/one.unfinished; go on with --resume")
            raise

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(typer.Exit) as caught, explained_errors():
        run()
    assert caught.value.exit_code == TERMINATED
    assert capsys.readouterr().err == (
        "terminated\n12 answers are kept in runs/one.unfinished; go on with --resume\n"
    )
    assert signal.getsignal(signal.SIGTERM) is before
