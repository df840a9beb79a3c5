"""./run: its options, the first start with accounts, the second start. The program is built already."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

import contract
from contract import ROOT, expect

SECOND_START_SECONDS = 2


def run(*words):
    return subprocess.run([contract.starter, *words], capture_output=True, text=True, cwd=contract.folder,
                          timeout=contract.SECONDS, check=False)


def helps():
    a = run("--help")
    expect(a.returncode == 0 and a.stderr == "", f"exit {a.returncode}, {a.stderr}")
    for option in ("--listen", "--data", "--fresh", "--build-only", "--help"):
        expect(option in a.stdout, f"{option} is not explained")


def bad(*words):
    def case():
        a = run(*words)
        expect(a.returncode in (1, 2) and a.stdout == "" and a.stderr.strip(), f"{a}")
        expect(words[0] in a.stderr, f"{words[0]} is not named: {a.stderr}")
    return case


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Started:
    """./run on a data folder and a port of its own; stopped at the end."""

    def __init__(self, data, *words):
        self.port = free_port()
        self.began = time.monotonic()
        self.log = contract.folder / "run.log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [contract.starter, "--data", str(data), "--listen", f"127.0.0.1:{self.port}", *words], stdout=out,
                stderr=subprocess.STDOUT, cwd=contract.folder, start_new_session=True)

    def __enter__(self):
        while time.monotonic() - self.began < contract.SECONDS:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health", timeout=5) as answer:
                    expect(answer.status == 200, f"health answers {answer.status}")
                    self.seconds = time.monotonic() - self.began
                    return self
            except OSError:
                time.sleep(0.01)
        self.__exit__()
        raise contract.Wrong(f"./run does not answer: {self.said()}")

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait(timeout=30)

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")


def starts():
    """The accounts are shown once and kept for the owner alone; the second start is quick; --fresh begins anew."""
    data = contract.folder / "start/data"
    accounts = pathlib.Path(f"{data}.accounts")
    with Started(data) as first:
        text = accounts.read_text(encoding="utf-8")
        expect(text.strip() and text.strip() in first.said(), "the accounts are not shown")
        expect(accounts.stat().st_mode & 0o077 == 0, "others may read the accounts")
    with Started(data) as second:
        expect(text.strip() not in second.said(), "the accounts are shown twice")
        expect(second.seconds < SECOND_START_SECONDS, f"the second start took {second.seconds:.2f} s")
    with Started(data, "--fresh"):
        expect(accounts.read_text(encoding="utf-8") != text, "--fresh kept the accounts")


def cut_short():
    """Whose first start was cut before the accounts were shown gets a new body, with a slash behind the folder too."""
    data = contract.folder / "cut/data"
    process = subprocess.Popen([contract.starter, "--data", f"{data}/", "--listen", f"127.0.0.1:{free_port()}"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=contract.folder,
                               start_new_session=True)
    until = time.monotonic() + contract.SECONDS
    while not (data / "heng.db").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    expect(process.poll() is None, "it ended by itself")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    accounts = pathlib.Path(f"{data}.accounts")
    expect((data / "heng.db").exists() and not accounts.exists(), "it was not cut in the middle")
    with Started(f"{data}/") as again:
        expect(accounts.read_text(encoding="utf-8").strip() in again.said(), "the accounts are not shown")
    expect(not pathlib.Path(f"{data}.unfinished").exists(), "it still counts as unfinished")
    expect({p.name for p in data.parent.iterdir()} >= {"data", "data.key"}, "the key is not beside the folder")


def fresh_elsewhere():
    """--fresh does not remove a folder that is not ours."""
    folder = contract.folder / "letters"
    folder.mkdir(exist_ok=True)
    (folder / "letter.txt").write_text("dear", encoding="utf-8")
    a = run("--fresh", "--data", str(folder))
    expect(a.returncode == 2 and re.search("letters", a.stderr), f"{a}")
    expect((folder / "letter.txt").exists(), "the letter is gone")


def cases():
    yield "./run --help", helps
    yield "./run --no-such-option is bad usage", bad("--no-such-option")
    yield "./run --listen without a value is bad usage", bad("--listen")
    yield "./run --data without a value is bad usage", bad("--data")
    if (ROOT / "build/.built-from").exists() and "HENG" not in os.environ:
        yield "./run: first start, second start, --fresh", starts
        yield "./run: a first start that was cut short begins anew", cut_short
        yield "./run --fresh keeps a folder that is not ours", fresh_elsewhere
