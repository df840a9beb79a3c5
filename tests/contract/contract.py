"""What every case of the contract uses: asking the program, and saying what was wrong.

A case is a function that asks `heng` something and calls `expect`; a module lists its cases as pairs
(name, function) from cases().
"""
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = ROOT / "data/samples"
SECONDS = 120

program = os.environ.get("HENG", str(ROOT / "build/heng"))
starter = str(ROOT / "run")
folder = pathlib.Path(tempfile.gettempdir())  # run sets a fresh one


class Wrong(Exception):
    """The program did not do what the contract says."""


class Answer:
    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    def __str__(self):
        return (f"heng {' '.join(self.words)}\n  exit {self.code}\n  stdout {self.out[:400]!r}"
                f"\n  stderr {self.err[:400]!r}")


def expect(holds, what, answer=None):
    if not holds:
        raise Wrong(f"{what}: {answer}" if answer else what)


def heng(*words, stdin=""):
    """Runs the program in an empty folder, so that nothing is found by chance."""
    words = [str(w) for w in words]
    done = subprocess.run([program, *words], input=stdin.encode(), capture_output=True, cwd=folder,
                          timeout=SECONDS, check=False)
    return Answer(words, done.returncode, done.stdout.decode("utf-8", "replace"),
                  done.stderr.decode("utf-8", "replace"))


def no_constant(name):
    raise Wrong(f"{name} is no JSON number")


def asks(code, *words):
    """With --json: the exit code, and exactly one JSON object and nothing else on stdout."""
    a = heng(*words[:1], "--json", *words[1:]) if "--" in words else heng(*words, "--json")
    expect(a.code == code, f"exit code is not {code}", a)
    try:
        value = json.loads(a.out, parse_constant=no_constant)
    except json.JSONDecodeError as wrong:
        raise Wrong(f"stdout is not one JSON value ({wrong}): {a}") from wrong
    expect(isinstance(value, dict), "stdout is not a JSON object", a)
    return value


def refuses(*words, field=None):
    """Bad usage or input: exit 2, nothing on stdout, a sentence on stderr that names the field."""
    a = heng(*words)
    expect(a.code == 2, "exit code is not 2", a)
    expect(a.out == "", "stdout is not empty", a)
    expect(a.err.strip() != "", "nothing on stderr", a)
    if field:
        expect(a.err.startswith(field + ":") or f" {field}" in a.err, f"stderr does not name {field}", a)
    return a


def write(name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(text, bytes):
        path.write_bytes(text)
    else:
        path.write_text(text, encoding="utf-8")
    return path


def read_json(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def has_keys(value, *keys):
    missing = [k for k in keys if k not in value]
    expect(not missing, f"no {', '.join(missing)} in {sorted(value)}")
