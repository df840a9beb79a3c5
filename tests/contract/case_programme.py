"""The programmes: list, show, check – with faults planted into a programme that is right."""
import copy
import json

from contract import ROOT, asks, expect, has_keys, heng, read_json, refuses, write

FOLDER = ROOT / "data/programmes"
STATES = {"works", "held", "later"}


def lists():
    value = asks(0, "programme", "list")
    have = {p["id"] for p in value["programmes"]}
    expect(have == {f.stem for f in FOLDER.glob("*.json")}, f"the list has {sorted(have)}")
    for p in value["programmes"]:
        has_keys(p, "id", "title", "levels", "directions")
        expect(p["levels"] and all(isinstance(x, int) for x in p["levels"]), f"levels of {p['id']}")


def shows(path):
    def case():
        value = asks(0, "programme", "show", path.stem)
        expect(value == read_json(path), "not what its data file has")
        plain = heng("programme", "show", path.stem)
        expect(plain.code == 0 and value["title"] in plain.out, "the title is not in the plain text", plain)
    return case


def accepts(path):
    def case():
        value = asks(0, "programme", "check", path)
        expect(value["valid"] is True and value["problems"] == [], str(value))
    return case


def planted(name, at, plant):
    """The file with one fault is refused, and the problem names its place."""
    def case():
        file = copy.deepcopy(read_json(FOLDER / "ccia.json"))
        plant(file)
        path = write(f"programme-{name.replace(' ', '-')}.json", json.dumps(file, ensure_ascii=False))
        value = asks(1, "programme", "check", path)
        expect(value["valid"] is False and len(value["problems"]) > 0, str(value))
        places = [p["at"] for p in value["problems"]]
        expect(any(p.startswith(at) for p in places), f"{places} does not name {at}")
    return case


def cut_file():
    text = (FOLDER / "ccia.json").read_text(encoding="utf-8")
    path = write("cut.json", text[:len(text) // 2])
    a = heng("programme", "check", path)
    expect(a.code in (1, 2) and a.err.strip(), "half a file is not refused", a)


def requirements():
    value = asks(0, "requirements")
    lines = (ROOT / "data/requirements.tsv").read_text(encoding="utf-8").splitlines()[1:]
    expect([r["id"] for r in value["rows"]] == [x.split("\t")[0] for x in lines], "other rows than the table")
    for r in value["rows"]:
        has_keys(r, "id", "state", "where", "test")
        expect(r["state"] in STATES, f"{r['id']}: {r['state']}")
        expect(r["state"] != "works" or (r["where"] and r["test"]), f"{r['id']} works, but where?")


def cases():
    yield "programme list", lists
    for path in sorted(FOLDER.glob("*.json")):
        yield f"programme show {path.stem}", shows(path)
        yield f"programme check {path.name}", accepts(path)
    yield "programme check finds a member that nobody knows", \
        planted("unknown member", "/colour", lambda p: p.update(colour="red"))
    yield "programme check finds a missing title", planted("no title", "/title", lambda p: p.pop("title"))
    yield "programme check finds a pass mark above full marks", \
        planted("pass above full", "/components/0", lambda p: p["components"][0].update(pass_millimarks=100001))
    yield "programme check finds a component of a level that is not there", \
        planted("level", "/components/0", lambda p: p["components"][0].update(levels=[9]))
    yield "programme check finds a mark that is text", \
        planted("text", "/components/0/full_millimarks",
                lambda p: p["components"][0].update(full_millimarks="100"))
    yield "programme check finds the number of another programme", \
        planted("number taken", "/no", lambda p: p.update(no=1))
    yield "programme check finds another format", \
        planted("format", "/format", lambda p: p.update(format="heng-programme/9"))
    yield "programme check refuses half a file", cut_file
    yield "programme check of no file is bad input", lambda: refuses("programme", "check", "nowhere.json")
    yield "programme show of no programme is bad input", \
        lambda: refuses("programme", "show", "nowhere", field="ID")
    yield "programme burn is bad usage", lambda: refuses("programme", "burn", "ccia")
    yield "requirements", requirements
    yield "requirements with an argument is bad usage", lambda: refuses("requirements", "STD")
