"""The command `tierwise studio`: what it says, and what is left of it."""

import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from scenarios.cli import BAD_INPUT, DONE, main
from tests.small import Small


def test_without_its_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("scenarios.studio.serving")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "dash", None)
    with pytest.raises(SystemExit) as ended:
        main(["studio", "--no-browser"])
    assert ended.value.code == BAD_INPUT
    said = capsys.readouterr().err
    assert said.startswith("studio: the optional extra 'studio' is missing")
    assert "pip install 'tierwise[studio]'" in said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_it_prints_an_address_that_opens_and_leaves_nothing_behind(tmp_path: Path) -> None:
    pytest.importorskip("dash", reason="the extra 'studio' is not installed")
    package = Small(tmp_path / "small").folder
    command = [sys.executable, "-m", "tierwise", "studio", str(package), "--no-browser", "--folder", "mine"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        assert ran.stdout is not None
        address = re.fullmatch(r"Studio: http://127\.0\.0\.1:(\d+)(/\?token=\S+)\n", ran.stdout.readline())
        assert address
        connection = HTTPConnection("127.0.0.1", int(address[1]), timeout=60)
        connection.request("GET", address[2])
        assert connection.getresponse().status == 303
        connection.close()
        ran.send_signal(signal.SIGTERM)  # ends it as Ctrl-C does
        _, said = ran.communicate(timeout=60)
    assert (ran.returncode, said) == (DONE, "")
    assert list((tmp_path / "mine").iterdir()) == []
