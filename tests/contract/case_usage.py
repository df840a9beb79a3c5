"""Usage: every command explains itself and refuses what it does not know."""
import re

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


def cases():
    yield "heng --help lists every command", help_of_all
    yield "heng alone is bad usage", refuses
    yield "heng no-such-command is bad usage", unknown_command("no-such-command")
    yield "heng with an empty word is bad usage", lambda: refuses("")
    for name in listed():
        yield f"heng {name} --help", help_of(name)
        yield f"heng {name} --no-such-option is bad usage", unknown_option(name)
    for name in PROMISED:
        if name not in listed():
            yield f"heng {name} does not exist yet and says so", unknown_command(name)
