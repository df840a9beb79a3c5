"""Every published or exactly computed answer of data/golden, through the command."""
import pathlib
import subprocess

import contract
from contract import ROOT, Wrong, asks, expect, read_json, refuses, write

FOLDER = ROOT / "data/golden"


def words_of(c):
    words = ["analyze", c["run"]]
    if c.get("file"):
        words.append(FOLDER / c["file"])
    for name, value in c.get("options", {}).items():
        if value is True:
            words.append(f"--{name}")
        elif value is not False:
            is_file = isinstance(value, str) and value.endswith(".csv")
            words.append(f"--{name}={FOLDER / value if is_file else value}")
    return words


def at_pointer(value, pointer):
    """A JSON pointer; [id=x] is the member of an array by one of its values."""
    for part in pointer.split("/")[1:]:
        if part.startswith("["):
            key, wanted = part[1:-1].split("=", 1)
            value = next(x for x in value if x.get(key) == wanted)
        else:
            value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def same(pointer, got, wanted, tolerance):
    if isinstance(wanted, list):
        expect(isinstance(got, list) and len(got) == len(wanted), f"{pointer} is {got}")
        for g, w in zip(got, wanted):
            same(pointer, g, w, tolerance)
    elif isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        expect(isinstance(got, (int, float)) and abs(got - wanted) <= tolerance, f"{pointer} is {got}, not {wanted}")
    else:
        expect(got == wanted, f"{pointer} is {got}, not {wanted}")


def answers(c):
    def case():
        if "refused" in c:
            a = refuses(*words_of(c))
            expect(c["refused"] in a.err, "another sentence", a)
            return
        value = asks(0, *words_of(c))
        for pointer, wanted in c["expect"].items():
            try:
                got = at_pointer(value, pointer)
            except (StopIteration, KeyError, IndexError, TypeError) as wrong:
                raise Wrong(f"nothing at {pointer}") from wrong
            same(pointer, got, wanted, c["tolerance"])
    return case


def freq_column():
    """Counts in a column `n` mean the same as the rows written out."""
    rows = ["1,1,1", "1,1,0", "1,0,0", "0,0,0", "1,0,1", "1,1,0"]
    long = write("long.csv", "# a comment\n\"A\",\"B\",C\n" + "\n".join(rows) + "\n")
    short = write("short.csv", "A,B,C,n\n1,1,1,1\n1,1,0,2\n1,0,0,1\n0,0,0,1\n1,0,1,1\n")
    one, other = asks(0, "analyze", "classical", long), asks(0, "analyze", "classical", short)
    expect(one["items"] == other["items"] and one["alpha"] == other["alpha"], f"{one} is not {other}")


def lists():
    """Lists that differ by the scale only give the scale back: A = 1.25, B = -0.4."""
    x = write("x.csv", "item,a,b1,b2\nq1,1.1,-1.2,0.4\nq2,0.8,-0.4,\nq3,1.6,0.2,1\n")
    y = write("y.csv", "item,a,b1,b2\nr1,0.88,-1.9,0.1\nr2,0.64,-0.9,\nr3,1.28,-0.15,0.85\n")
    common = write("common.csv", "x,y\nq1,r1\nq2,r2\nq3,r3\n")
    for model in ("grm", "gpcm"):
        value = asks(0, "analyze", "link", "--x", x, "--y", y, "--common", common, "--model", model)
        for method in ("mean_mean", "mean_sigma", "haebara", "stocking_lord"):
            same(f"{model} {method} A", value[method]["A"], 1.25, 1e-7)
            same(f"{model} {method} B", value[method]["B"], -0.4, 1e-7)
    other = write("other.csv", "x,y\nq1,r2\nq2,r2\n")
    refuses("analyze", "link", "--x", x, "--y", y, "--common", other, "--model", "grm", field="--common")


def streams():
    """A table larger than the memory that reads it: 60 MB of responses in under 40 MB, whatever its length."""
    block = "".join(",".join("ABCD"[(i * j + i) % 4] for j in range(50)) + "\n" for i in range(1000)).encode()
    key = write("large-key.csv", "key\n" + "A\n" * 50)
    child = subprocess.Popen([contract.program, "analyze", "classical", "/dev/stdin", "--key", key],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    most = ""
    try:
        child.stdin.write((",".join(f"q{j}" for j in range(50)) + "\n").encode())
        for _ in range(600):
            child.stdin.write(block)
        child.stdin.flush()
        most = pathlib.Path(f"/proc/{child.pid}/status").read_text()
    except BrokenPipeError:
        pass
    out = child.communicate()[0] if child.poll() is None else child.stdout.read()
    expect(child.wait() == 0 and b'"persons":600000,' in out, f"exit code {child.returncode}, {out[:80]}")
    held = int(most.split("VmHWM:")[1].split()[0])
    expect(held < 40 * 1024, f"{held} KiB")


def bad(text, *words):
    return lambda: refuses("analyze", words[0], write("bad.csv", text), *words[1:])


def cases():
    for path in sorted(FOLDER.glob("*.json")):
        for n, c in enumerate(read_json(path).get("cases", [])):
            yield f"analyze {c['run']}, {path.stem} {n}", answers(c)
    yield "analyze classical counts patterns", freq_column
    yield "analyze link of lists", lists
    yield "analyze classical holds no rows", streams
    yield "analyze no-such-thing is bad usage", lambda: refuses("analyze", "no-such-thing", "x.csv")
    yield "analyze alone is bad usage", lambda: refuses("analyze")
    yield "analyze classical of no file is bad input", lambda: refuses("analyze", "classical", "nowhere.csv")
    yield "analyze classical without a file is bad usage", lambda: refuses("analyze", "classical", field="FILE")
    yield "analyze rasch of words is bad input", bad("A,B\n1,x\n", "rasch")
    yield "analyze rasch of an empty file is bad input", bad("", "rasch")
    yield "analyze rasch of ragged rows is bad input", bad("A,B\n1,0\n1\n", "rasch")
    yield "analyze rasch --nodes x is bad input", bad("A,B\n1,0\n0,1\n", "rasch", "--nodes", "x")
    yield "analyze icc of one column is bad input", bad("A\n1\n2\n", "icc")
