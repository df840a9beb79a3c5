"""Working days, and numbers of documents, organisations and phones, against the samples."""
from contract import SAMPLES, asks, expect, has_keys, heng, read_json, refuses


def adds(event, days, due):
    def case():
        value = asks(0, "workday", "add", event, days)
        expect(value == {"date": due}, f"{value} is not {due}")
        plain = heng("workday", "add", event, days)
        expect(plain.out == due + "\n", "the plain answer is not the date", plain)
    return case


def counts(event, days, due):
    def case():
        value = asks(0, "workday", "between", event, due)
        expect(value == {"days": days}, f"{value} is not {days}")
    return case


def checks(kind, sample):
    def case():
        valid = sample["valid"]
        value = asks(0 if valid else 1, "check", kind, "--", sample["text"])
        has_keys(value, "valid", "why")
        expect(value["valid"] is valid, f"valid is {value['valid']}")
        expect((value["why"] is None) == valid, f"why is {value['why']}")
        if kind == "id":
            has_keys(value, "birth", "sex")
            if valid and "birth" in sample:
                expect(value["birth"] == sample["birth"], f"birth is {value['birth']}")
            if valid and "sex" in sample:
                expect(value["sex"] == sample["sex"], f"sex is {value['sex']}")
            if not valid:
                expect(value["birth"] is None and value["sex"] is None, "an invalid number tells nothing")
    return case


def cases():
    for c in read_json(SAMPLES / "workdays.json")["cases"]:
        yield f"workday add {c['event']} {c['days']}", adds(c["event"], c["days"], c["due"])
        yield f"workday between {c['event']} {c['due']}", counts(c["event"], c["days"], c["due"])
    yield "workday between a day and itself is 0", counts("2026-02-14", 0, "2026-02-14")
    for words in (("add", "2026-02-30", "1"), ("add", "26-02-03", "1"), ("between", "2026-01-01", "x")):
        yield f"workday {' '.join(words)} is bad input", lambda w=words: refuses("workday", *w, field="DATE")
    for n in ("x", "-1", "1.5", ""):
        yield f"workday add 2026-01-01 “{n}” is bad input", \
            lambda n=n: refuses("workday", "add", "2026-01-01", n, field="N")
    yield "workday add outside the calendars is bad input", lambda: refuses("workday", "add", "2031-01-01", "5")
    yield "workday multiply is bad usage", lambda: refuses("workday", "multiply", "2026-01-01", "5")
    yield "workday add without a number is bad usage", lambda: refuses("workday", "add", "2026-01-01")
    yield "workday add with too much is bad usage", lambda: refuses("workday", "add", "2026-01-01", "5", "6")

    samples = read_json(SAMPLES / "documents.json")
    # The command takes the kinds with 18 digits; what one of them refuses another may accept.
    accepted = {s["text"] for s in samples["documents"] if s["valid"]}
    for s in samples["documents"]:
        if s["kind"] == "resident_id" and s["text"][6:10] == samples["as_of"][:4]:
            continue  # born about the day of the samples: the command asks the clock
        if s["valid"] and (s["kind"] == "resident_id" or "birth" in s and s["text"].isdigit()):
            yield f"check id “{s['text']}”: {s['why']}", checks("id", s)
        elif not s["valid"] and s["kind"] == "resident_id" and s["text"] not in accepted:
            yield f"check id “{s['text']}”: {s['why']}", checks("id", s)
    for kind, key in (("uscc", "uscc"), ("phone", "phones")):
        for s in samples[key]:
            yield f"check {kind} “{s['text']}”: {s['why']}", checks(kind, s)
    yield "check shoe is bad usage", lambda: refuses("check", "shoe", "42")
    yield "check id without a number is bad usage", lambda: refuses("check", "id")
