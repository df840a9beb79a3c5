"""The bank: the one that is shipped is clean; faults planted into an item are found."""
import copy
import json
from collections import Counter

from contract import ROOT, SAMPLES, asks, expect, has_keys, heng, read_json, refuses, write

BANK = ROOT / "data/banks/national-2023"
HOST = ROOT / "data/banks/nrta-host"


def shipped_is_clean():
    value = asks(0, "bank", "lint", BANK)
    lines = sum(1 for f in BANK.glob("*.jsonl") for x in f.read_text(encoding="utf-8").splitlines() if x.strip())
    expect(value["items"] == lines, f"{value['items']} items of {lines}")
    expect(value["problems"] == [], str(value["problems"][:3]))


def coverage():
    value = asks(0, "bank", "coverage", BANK)
    has_keys(value, "cells")
    expect(len(value["cells"]) > 0, "no cells")
    expect(all(c["have"] >= c["needed"] for c in value["cells"]), "a cell lacks items, yet exit 0")
    expect({c["level"] for c in value["cells"]} == {4, 3, 2, 1}, "a level of the standard has no cells")
    expect(value["items"] >= 1500, f"{value['items']} items")


def points_of_standard():
    """Knowledge points and basic requirements as the standard has them, each with what it must have."""
    standard = read_json(ROOT / "data/programmes/national-2023.json")
    aims = {k["id"]: 4 for f in standard["functions"] for w in f["contents"] for k in w["knowledge"]}
    for section in (s for area in standard["basic"] for s in area["sections"]):
        aims.update({leaf["id"]: 6 for leaf in section["items"] or [section]})
    return aims


def coverage_of_points():
    value, aims = asks(0, "bank", "coverage", BANK), points_of_standard()
    have = {p["point"]: p["have"] for p in value["points"]}
    expect(len(aims) > 190 and have.keys() == aims.keys(), f"other points: {sorted(have.keys() ^ aims.keys())}")
    thin = {p: have[p] for p, aim in aims.items() if have[p] < aim}
    expect(not thin, f"too few items: {thin}")


def coverage_of_a_thin_point():
    """Six items of a basic requirement are enough; without the last of them the bank lacks one."""
    items = [json.loads(line) for path in sorted(BANK.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    point = "B2.2.1.1"
    first = [i["id"] for i in items if i["points"][0] == point]
    for keep, exit_code in ((6, 0), (5, 1)):
        dropped = set(first[keep:])
        path = write(f"thin-{keep}/national-2023/items.jsonl",
                     "".join(json.dumps(i, ensure_ascii=False) + "\n" for i in items if i["id"] not in dropped))
        value = asks(exit_code, "bank", "coverage", path.parent)
        expect({p["point"] for p in value["points"] if p["have"] < p["needed"]} == ({point} if exit_code else set()),
               f"with {keep} items")


def coverage_without_weights():
    """530063 prints no weights: its skills are counted, and there are no cells."""
    value = asks(0, "bank", "coverage", BANK.with_name("onex-530063"))
    programme = read_json(ROOT / "data/programmes/onex-530063.json")
    skills = {s["id"] for f in programme["functions"] for w in f["contents"] for s in w["skills"]}
    expect(value["cells"] == [] and {p["point"] for p in value["points"]} == skills, "other cells or points")


def coverage_lacks():
    """One file of the bank alone does not cover the blueprint."""
    value = asks(1, "bank", "coverage", BANK / "level4-F4.1.jsonl")
    expect(any(c["have"] < c["needed"] for c in value["cells"]), "nothing lacks, yet exit 1")


def host_bank():
    """The bank for 网络视听主播: clean, and of every course by at least 4 items. Its document prints no weights."""
    value = asks(0, "bank", "lint", HOST, "--programme", "nrta-host")
    expect(value["items"] >= 60 and value["problems"] == [], f"{value['items']} items, {value['problems'][:3]}")
    counted = asks(0, "bank", "coverage", HOST, "--programme", "nrta-host")
    items = [json.loads(line) for path in HOST.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    have = Counter(i["points"][0] for i in items)
    aims = {s["id"] for area in read_json(ROOT / "data/programmes/nrta-host.json")["basic"] for s in area["sections"]}
    expect(len(aims) == 15 and have.keys() == aims, f"other courses: {sorted(have.keys() ^ aims)}")
    expect(min(have.values()) >= 4, f"too few items: {have}")
    expect(counted["cells"] == [] and {p["point"]: p["have"] for p in counted["points"]} == have, "coverage counts otherwise")


def sample(kind="single"):
    return copy.deepcopy(read_json(SAMPLES / f"items/{kind}.json")["item"])


def lints(name, items, at):
    def case():
        path = write(f"bank-{name.replace(' ', '-')}/items.jsonl",
                     "".join(json.dumps(i, ensure_ascii=False) + "\n" for i in items))
        value = asks(1, "bank", "lint", path.parent)
        wrong = [p["item"] for p in value["problems"]]
        expect(all(isinstance(p["what"], str) and p["what"] for p in value["problems"]), "a problem says nothing")
        expect(any(at in p for p in wrong), f"{wrong} does not name {at}")
    return case


def changed(**members):
    item = sample()
    item.update(members)
    return item


def broken_line():
    path = write("broken/items.jsonl", '{"id": "a", \n')
    a = heng("bank", "lint", path.parent, "--json")
    expect(a.code in (1, 2), "a broken line is not refused", a)
    expect(a.code == 1 or a.err.strip(), "nothing says what is wrong", a)


def cases():
    yield "bank lint finds nothing in the shipped bank", shipped_is_clean
    yield "lint of 530063", lambda: expect(asks(0, "bank", "lint", BANK.with_name("onex-530063"))["items"] >= 120, "few")
    yield "bank coverage of the shipped bank", coverage
    yield "bank coverage of every point of the standard", coverage_of_points
    yield "bank coverage of a point that is one item short", coverage_of_a_thin_point
    yield "bank coverage of too few items", coverage_lacks
    yield "bank coverage of a programme without weights", coverage_without_weights
    yield "bank of the network hosts is clean and has every course", host_bank
    own = "sample-single"
    yield "bank lint finds two items of one id", lints("twice", [sample(), sample()], own)
    yield "bank lint finds a key that is no option", lints("key", [changed(key="F")], own)
    yield "bank lint finds two equal options", lints("equal", [changed(options=["2%", "2%", "5%", "20%"])], own)
    yield "bank lint finds a point that is not in the standard", lints("point", [changed(points=["X9.9"])], own)
    yield "bank lint finds an empty stem", lints("stem", [changed(stem="")], own)
    yield "bank lint finds an enemy that is not there", lints("enemy", [changed(enemies=["nobody"])], own)
    yield "bank lint finds a member that nobody knows", lints("member", [changed(colour="red")], own)
    yield "bank lint refuses a broken line", broken_line
    yield "bank lint of no folder is bad input", lambda: refuses("bank", "lint", "nowhere")
    yield "bank lint for no programme is bad input", \
        lambda: refuses("bank", "lint", BANK, "--programme", "nowhere", field="--programme")
    yield "bank burn is bad usage", lambda: refuses("bank", "burn", BANK)
