"""Eligibility: every sample applicant through the command."""
import json

from contract import SAMPLES, asks, expect, read_json, refuses, write

FOLDER = SAMPLES / "eligibility"
FACTS = {"as_of": "2024-07-01", "work": [{"scope": "related_field", "from": "2014-07-01", "to": None}]}


def judges(file, n, applicant):
    def case():
        path = write(f"facts/{file['clause']}-{n}.json", json.dumps(applicant["facts"], ensure_ascii=False))
        words = ["eligibility", path, "--programme", file["programme"], "--level", file["level"]]
        if "direction" in applicant:
            words += ["--direction", applicant["direction"]]
        value = asks(0 if applicant["verdict"] == "met" else 1, *words)
        expect(value["verdict"] == applicant["verdict"], f"verdict is {value['verdict']}")
        got = {c["no"]: c["verdict"] for c in value["clauses"]}
        for no, verdict in applicant.get("clauses", {}).items():
            expect(got.get(no) == verdict, f"clause {no} is {got.get(no)}, not {verdict}")
        for c in value["clauses"]:
            expect(isinstance(c["because"], list) and isinstance(c["missing"], list), f"clause {c['no']}: {c}")
    return case


def refused(field, facts=None, **changed):
    def case():
        path = write("facts.json", facts if facts is not None else json.dumps(FACTS))
        options = {"programme": "ccia", "level": "1", **changed}
        words = [w for k, v in options.items() if v is not None for w in (f"--{k.replace('_', '-')}", v)]
        refuses("eligibility", path, *words, field=field)
    return case


def day_matters():
    """The same facts: enough on one day, too little on an earlier one."""
    facts = write("day.json", json.dumps(FACTS))
    late = asks(0, "eligibility", facts, "--programme", "ccia", "--level", "1", "--as-of", "2024-07-01")
    early = asks(1, "eligibility", facts, "--programme", "ccia", "--level", "1", "--as-of", "2014-07-02")
    expect(late["verdict"] == "met" and early["verdict"] != "met", f"{late['verdict']}, {early['verdict']}")


def cases():
    for path in sorted(FOLDER.glob("*.json")):
        file = read_json(path)
        for n, applicant in enumerate(file["applicants"]):
            yield f"eligibility {path.stem} applicant {n}: {applicant['verdict']}", judges(file, n, applicant)
    yield "eligibility --as-of decides the day", day_matters
    yield "eligibility without --programme is bad usage", refused("--programme", programme=None)
    yield "eligibility without --level is bad usage", refused("--level", level=None)
    yield "eligibility for no programme is bad input", refused("--programme", programme="nowhere")
    yield "eligibility for no level is bad input", refused("--level", level="9")
    yield "eligibility for a level in words is bad input", refused("--level", level="four")
    yield "eligibility for no direction is bad input", refused("--direction", direction="Z")
    yield "eligibility on no day is bad input", refused("--as-of", as_of="2026-02-30")
    yield "eligibility of a fact that nobody knows is bad input", refused("/shoe", '{"shoe": 42}')
    yield "eligibility of work from no day is bad input", \
        refused("/work/0/from", '{"work": [{"scope": "related_field", "from": "yesterday"}]}')
    yield "eligibility of broken JSON is bad input", refused("facts.json", '{"work": [')
    yield "eligibility of no file is bad input", \
        lambda: refuses("eligibility", "nowhere.json", "--programme", "ccia", "--level", "1")
