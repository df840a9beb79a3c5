"""Certificates of a demonstration body (specimens of people who do not exist), verified offline; and the
register and the audit trail of a data folder, whole and tampered with."""
import http.server
import json
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.request

import contract
from contract import HERE, asks, expect, has_keys, heng, read_json, refuses, write

FOLDER = HERE / "certificate"
KEYS = FOLDER / "keys.json"
STATUS = FOLDER / "status.json"


def signature_true(name):
    """Without a state nothing is called valid."""
    def case():
        value = asks(1, "cert", "verify", FOLDER / name, "--keys", KEYS)
        has_keys(value, "valid", "facts", "history")
        expect(value["valid"] is False and value["signature"] == "true" and value["state"] == "unknown", str(value))
        expect(value["facts"]["number"] == value["number"], "the facts are of another certificate")
    return case


def state_of(name, state):
    """The list is good for seven days; later it proves nothing, and never the opposite."""
    def case():
        a = heng("cert", "verify", FOLDER / name, "--keys", KEYS, "--status", STATUS, "--json")
        value = json.loads(a.out)
        stale = value["state"] == "unknown" and bool(value["why"])
        expect(value["signature"] == "true" and (value["state"] == state or stale), "another state", a)
        expect(value["valid"] is (value["state"] == "valid") and a.code == (0 if value["valid"] else 1),
               "the exit code does not fit", a)
    return case


def tampered(name, change):
    def case():
        text = (FOLDER / "valid.json").read_text(encoding="utf-8")
        changed = change(text)
        assert changed != text, name
        value = asks(1, "cert", "verify", write(f"certificate-{name}.json", changed), "--keys", KEYS)
        expect(value["valid"] is False and value["signature"] == "false", str(value))
    return case


def tampered_keys():
    table = read_json(KEYS)
    table["keys"][2]["from"] += 1
    refuses("cert", "verify", FOLDER / "valid.json", "--keys", write("keys.json", json.dumps(table)))


def tampered_status():
    file = read_json(STATUS)
    file["proof"]["created"] = "2031-01-01T00:00:00Z"
    path = write("status.json", json.dumps(file))
    a = heng("cert", "verify", FOLDER / "valid.json", "--keys", KEYS, "--status", path, "--json")
    expect(a.code in (1, 2), "a changed list is believed", a)
    expect(a.code == 2 or json.loads(a.out)["valid"] is False, "a changed list is believed", a)


class Body:
    """A data folder with the demonstration body, made once."""
    data = None

    @classmethod
    def folder(cls):
        if cls.data is None or not str(cls.data).startswith(str(contract.folder)):
            data = pathlib.Path(tempfile.mkdtemp(dir=contract.folder)) / "data"
            a = heng("init", "--data", data, "--demo")
            expect(a.code == 0, "no demonstration body", a)
            expect((data / "heng.db").exists(), "no database", a)
            accounts = pathlib.Path(str(data) + ".accounts")
            expect(accounts.stat().st_mode & 0o077 == 0, "others may read the accounts")
            expect(accounts.read_text(encoding="utf-8").strip() in a.out, "the accounts are not shown", a)
            cls.data = data
        return cls.data


def audit_holds():
    value = asks(0, "audit", "verify", "--data", Body.folder())
    expect(value["rows"] > 0 and value["broken"] == [], str(value))


def audit_tampered(what, statement):
    """One row touched behind the program's back, in a copy whose guards are taken off."""
    def case():
        copy = pathlib.Path(tempfile.mkdtemp(dir=contract.folder)) / "data"
        shutil.copytree(Body.folder(), copy)
        shutil.copy(f"{Body.folder()}.key", f"{copy}.key")
        db = sqlite3.connect(copy / "heng.db")
        for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        touched = db.execute(statement).rowcount
        db.commit()
        db.close()
        expect(touched == 1, f"{touched} rows touched")
        value = asks(1, "audit", "verify", "--data", copy)
        found = [b["what"] for b in value["broken"]]
        expect(what in found, f"{found} does not say {what}")
    return case


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


class Anchored:
    """A copy of the demonstration body that was served for a moment: its data folder, its file of anchors,
    and the rows of its longest chain."""
    found = None

    @classmethod
    def folder(cls):
        if cls.found is None or not str(cls.found).startswith(str(contract.folder)):
            data = pathlib.Path(tempfile.mkdtemp(dir=contract.folder)) / "data"
            shutil.copytree(Body.folder(), data)
            shutil.copy(f"{Body.folder()}.key", f"{data}.key")
            host = "[::1]" if has_ipv6() else "127.0.0.1"
            server = subprocess.Popen([contract.program, "serve", "--data", str(data), "--listen", f"{host}:0"],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            url = server.stdout.readline().strip()
            expect(url.startswith(f"http://{host}:"), f"it serves at {url}")
            with urllib.request.urlopen(f"{url}/api/health", timeout=contract.SECONDS) as answer:
                expect(answer.status == 200, f"{url} answers {answer.status}")
            server.terminate()
            expect(server.wait(timeout=contract.SECONDS) == 0, "the server did not stop")
            cls.found = data
        return cls.found


def anchors_hold():
    data = Anchored.folder()
    lines = pathlib.Path(f"{data}.anchors").read_text(encoding="utf-8").splitlines()
    expect([json.loads(line)["moment"] for line in lines] == ["start", "stop"], f"{lines}")
    value = asks(0, "audit", "verify", "--data", data, "--anchors", f"{data}.anchors")
    expect(value["anchors"]["anchors"] == 2 and value["anchors"]["heads"] >= 1, str(value))
    expect(value["broken"] == [] and value["anchors"]["broken"] == [], str(value))
    a = heng("audit", "verify", "--data", data, "--anchors", f"{data}.anchors", f"{data}.anchors")
    expect(a.code == 0 and "2 个锚点文件" in a.out, "two copies of a file", a)


def tail_cut(rows):
    """Rows, head and the database's own anchors are taken away so that all that is left fits together."""
    def case():
        data = pathlib.Path(tempfile.mkdtemp(dir=contract.folder)) / "data"
        shutil.copytree(Anchored.folder(), data)
        shutil.copy(f"{Anchored.folder()}.key", f"{data}.key")
        db = sqlite3.connect(data / "heng.db")
        for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        chain, last = db.execute("SELECT chain, seq FROM audit_chain ORDER BY seq DESC LIMIT 1").fetchone()
        expect(last > rows, f"only {last} rows")
        db.execute("DELETE FROM audit_row WHERE chain = ? AND seq > ?", (chain, last - rows))
        db.execute("DELETE FROM audit_anchor")
        db.execute("DELETE FROM audit_anchor_head")
        db.execute("UPDATE audit_chain SET seq = ?1, head = (SELECT hash FROM audit_row WHERE chain = ?2 AND seq = ?1)"
                   " WHERE chain = ?2", (last - rows, chain))
        db.commit()
        db.close()
        expect(asks(0, "audit", "verify", "--data", data)["broken"] == [], "the chain alone tells")
        value = asks(1, "audit", "verify", "--data", data, "--anchors", f"{Anchored.folder()}.anchors")
        expect(value["anchors"]["broken"] == [{"what": "cut", "line": 1, "chain": chain, "from": last - rows + 1,
                                               "until": last}], str(value))
    return case


def anchors_changed():
    text = pathlib.Path(f"{Anchored.folder()}.anchors").read_text(encoding="utf-8")
    file = write("changed.anchors", text.replace('"seq":', '"seq":1', 1).encode())
    value = asks(1, "audit", "verify", "--data", Anchored.folder(), "--anchors", file)
    expect([b["what"] for b in value["anchors"]["broken"]] == ["signature"], str(value))


def anchors_none():
    refuses("audit", "verify", "--data", Anchored.folder(), "--anchors", write("no.anchors", b"hello\n"),
            field="--anchors")
    refuses("audit", "verify", "--data", Anchored.folder(), "--anchors", "nowhere", field="--anchors")
    refuses("audit", "verify", "--data", Anchored.folder(), "--witness", "hello", field="witness")


class Taker(http.server.BaseHTTPRequestHandler):
    """A place that keeps what it is sent; the second line is refused once."""
    taken = []
    refused = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if len(self.taken) == 1 and not self.refused:
            self.refused.append(body)
            self.send_response(503)
        else:
            self.taken.append(body)
            self.send_response(201)
        self.end_headers()

    def log_message(self, *_):
        pass


def anchor_copies():
    """Each anchor is also sent away, and sent again where it was not taken; only to a host on the list."""
    data = pathlib.Path(tempfile.mkdtemp(dir=contract.folder)) / "data"
    shutil.copytree(Body.folder(), data)
    shutil.copy(f"{Body.folder()}.key", f"{data}.key")
    place = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=place.serve_forever, daemon=True).start()
    port = place.server_address[1]
    words = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--anchor-copy", f"127.0.0.1:{port}/anchors"]
    refuses(*words, field="--anchor-copy")
    listed = {"hosts": [{"host": "127.0.0.1", "port": port, "internal": True, "plain": True}]}
    (data / "outbound.json").write_text(json.dumps(listed), encoding="utf-8")
    for _ in range(2):
        server = subprocess.Popen([contract.program, *map(str, words), "--anchor-ms", "50"], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True)
        server.stdout.readline()
        until = time.monotonic() + contract.SECONDS
        wanted = len(Taker.taken) + 4
        while len(Taker.taken) < wanted and time.monotonic() < until:
            time.sleep(0.02)
        server.terminate()
        expect(server.wait(timeout=contract.SECONDS) == 0, "the server did not stop")
    place.shutdown()
    lines = pathlib.Path(f"{data}.anchors").read_text(encoding="utf-8").splitlines()
    expect(Taker.refused and Taker.refused[0] in Taker.taken, "what was refused was not sent again")
    expect(Taker.taken == lines, f"{len(Taker.taken)} taken, {len(lines)} in the file")


def witness():
    db = sqlite3.connect(Anchored.folder() / "heng.db")
    chain, seq, kept = db.execute("SELECT chain, seq, hash FROM audit_row ORDER BY seq LIMIT 1").fetchone()
    db.close()
    text = f"{chain}.{seq}.{kept[:8].hex()}"
    expect(asks(0, "audit", "verify", "--data", Anchored.folder(), "--witness", text)["witness_holds"], text)
    other = f"{chain}.{seq + 1}.{kept[:8].hex()}"
    expect(asks(1, "audit", "verify", "--data", Anchored.folder(), "--witness", other)["witness_holds"] is False, other)


def key_stolen():
    """The certificate key is given up: another takes over, the trail says so, and no second time."""
    data = pathlib.Path(tempfile.mkdtemp(dir=contract.folder)) / "data"
    shutil.copytree(Body.folder(), data)
    shutil.copy(f"{Body.folder()}.key", f"{data}.key")
    before = asks(0, "key", "list", "--data", data)["keys"]
    kid = next(k["kid"] for k in before if k["use"] == "certificate")
    expect(all(k["state"] == "active" for k in before), str(before))
    stolen = ["key", "compromised", kid, "--data", data]
    refuses(*stolen, field="--since")
    refuses(*stolen, "--since", "2999-01-01", field="--since")
    refuses("key", "compromised", "00000000", "--since", "2026-01-01", "--data", data, field="00000000")
    after = asks(0, *stolen, "--since", "2026-01-02")["keys"]
    expect([k["compromised_at"] for k in after if k["kid"] == kid] == ["2026-01-01T16:00:00.000Z"], str(after))
    expect([k["state"] for k in after if k["use"] == "certificate" and k["kid"] != kid] == ["active"], str(after))
    refuses(*stolen, "--since", "2026-01-02", field=kid)
    root = next(k["kid"] for k in before if k["use"] == "root")
    a = heng("key", "compromised", root, "--since", "2026-01-02", "--data", data)
    expect(a.code != 0, "the root was given up", a)
    expect(asks(0, "audit", "verify", "--data", data)["broken"] == [], "the trail is broken")
    db = sqlite3.connect(data / "heng.db")
    rows = db.execute("SELECT change FROM audit_row WHERE act = 2").fetchall()
    db.close()
    expect(len(rows) == 1 and json.loads(rows[0][0])["kid"] == kid, str(rows))


def number_unknown():
    value = asks(1, "cert", "verify", "S000011000001264999999", "--data", Body.folder())
    expect(value["valid"] is False and value["state"] == "unknown" and value["facts"] == {}, str(value))


def init_twice():
    """A second demonstration body is refused, and the accounts of the first stay."""
    data = Body.folder()
    before = pathlib.Path(f"{data}.accounts").read_bytes()
    refuses("init", "--data", data, "--demo", field="--data")
    expect(pathlib.Path(f"{data}.accounts").read_bytes() == before, "the accounts were changed")


def totp():
    """RFC 6238's secret: six digits; another code for another secret."""
    a = heng("totp", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    expect(a.code == 0 and len(a.out.strip()) == 6 and a.out.strip().isdigit(), "not six digits", a)


def cases():
    yield "cert verify offline without a state", signature_true("valid.json")
    yield "cert verify offline, state valid", state_of("valid.json", "valid")
    yield "cert verify offline, state revoked", state_of("revoked.json", "revoked")
    yield "cert verify finds another name", tampered("name", lambda t: t.replace("李晓明", "李晓朋"))
    yield "cert verify finds another level", tampered("level", lambda t: t.replace('"level":4', '"level":3'))
    yield "cert verify finds another number", tampered("number", lambda t: t.replace("264000007", "264000009"))
    yield "cert verify finds another day", tampered("day", lambda t: t.replace("2026年11月21日", "2025年11月21日"))
    yield "cert verify refuses a changed key table", tampered_keys
    yield "cert verify refuses a changed status list", tampered_status
    yield "cert verify refuses another root", \
        lambda: refuses("cert", "verify", FOLDER / "valid.json", "--keys", KEYS, "--root", "00000000")
    yield "cert verify of no certificate is bad input", \
        lambda: refuses("cert", "verify", write("no.pdf", b"%PDF-1.7\n%%EOF\n"), "--keys", KEYS)
    yield "cert verify without keys is bad usage", \
        lambda: refuses("cert", "verify", FOLDER / "valid.json", field="--data")
    yield "cert burn is bad usage", lambda: refuses("cert", "burn", FOLDER / "valid.json", "--keys", KEYS)
    yield "cert verify of a number that nobody issued", number_unknown
    yield "audit verify of a demonstration body", audit_holds
    row = "(SELECT chain, MAX(seq) - 1 FROM audit_row GROUP BY chain HAVING MAX(seq) > 2 LIMIT 1)"
    yield "audit verify finds a changed row", \
        audit_tampered("changed", f"UPDATE audit_row SET at_ms = at_ms + 1 WHERE (chain, seq) = {row}")
    yield "audit verify finds a missing row", \
        audit_tampered("missing", f"DELETE FROM audit_row WHERE (chain, seq) = {row}")
    yield "audit verify --anchors of a whole folder", anchors_hold
    yield "audit verify --anchors finds one row cut off", tail_cut(1)
    yield "audit verify --anchors finds ten rows cut off", tail_cut(10)
    yield "audit verify --anchors finds a changed anchor", anchors_changed
    yield "audit verify --anchors of no anchors is bad input", anchors_none
    yield "key compromised: another takes over", key_stolen
    yield "key burn is bad usage", lambda: refuses("key", "burn", "--data", Body.folder())
    yield "audit: anchors are sent away, to listed hosts only", anchor_copies
    yield "audit verify --witness", witness
    yield "audit verify of no folder is bad input", lambda: refuses("audit", "verify", "--data", "nowhere")
    yield "audit verify without a folder is bad usage", lambda: refuses("audit", "verify", field="--data")
    yield "init --demo refuses a folder that has a body", init_twice
    yield "init without a folder is bad usage", lambda: refuses("init", field="--data")
    yield "totp of a secret", totp
    yield "totp of no secret is bad input", lambda: refuses("totp", "not-base32!", field="SECRET")
    yield "demo burn is bad usage", lambda: refuses("demo", "burn")
