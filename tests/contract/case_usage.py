"""Usage: every command explains itself and refuses what it does not know."""
import pathlib
import re
import tempfile

import contract
from contract import ROOT, expect, heng, refuses

PROMISED = ["programme", "eligibility", "workday", "check", "bank", "assemble", "analyze", "sim", "cert",
            "audit", "requirements", "task", "demo", "rehearse", "room", "bench", "backup", "restore",
            "doctor"]



def listed():
    text = (ROOT / "src/app/commands.def").read_text(encoding="utf-8")
    return re.findall(r"^COMMAND\((\w+),", text, re.M)


def help_of_all():
    a = heng("--help")
    expect(a.code == 0 and a.err == "", "--help does not print the usage on stdout", a)
    for name in listed():
        expect(f"heng {name}" in a.out, f"--help does not list {name}", a)


def help_of(name):
    def case():
        a = heng(name, "--help")
        expect(a.code == 0 and a.err == "", "exit code is not 0 or stderr is not empty", a)
        expect(f"heng {name}" in a.out, "the usage is not on stdout", a)
    return case


def unknown_option(name):
    return lambda: refuses(name, "--no-such-option")


def unknown_command(name):
    def case():
        a = refuses(name, "--json")
        expect(name in a.err, "the sentence does not name the command", a)
    return case


def slash_behind_a_folder():
    """What stands beside a data folder is beside it, however its name was completed."""
    data = pathlib.Path(tempfile.mkdtemp(dir=contract.folder)) / "data"
    a = heng("init", "--data", f"{data}//")
    expect(a.code == 0, "init fails", a)
    expect(sorted(p.name for p in data.parent.iterdir()) == ["data", "data.key"], "the key is not beside it", a)
    expect(not (data / ".key").exists(), "the key is in it", a)
    a = heng("audit", "verify", f"--data={data}/")
    expect(a.code == 0, "it is not found again", a)
    a = refuses("audit", "verify", "--data", "/")
    expect("--data" in a.err, "the option is not named", a)


def cases():
    yield "heng --help lists every command", help_of_all
    yield "heng alone is bad usage", refuses
    yield "a slash behind --data changes nothing", slash_behind_a_folder
    yield "heng no-such-command is bad usage", unknown_command("no-such-command")
    yield "heng with an empty word is bad usage", lambda: refuses("")
    for name in listed():
        yield f"heng {name} --help", help_of(name)
        yield f"heng {name} --no-such-option is bad usage", unknown_option(name)
    for place in ("::1:8080", "[::1:8080", "127.0.0.1:70000", "127.0.0.1:", "eight"):
        yield f"heng serve --listen {place} is bad usage", lambda place=place: refuses("serve", "--data", "none", "--listen", place, field="--listen")
    for name in PROMISED:
        if name not in listed():
            yield f"heng {name} does not exist yet and says so", unknown_command(name)
