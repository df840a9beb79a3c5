"""Figures of the fault harness: a line for people each, or all in one JSON object (--json)."""
import json
import sys

parts = [json.loads(line) for line in sys.stdin if line.strip()]
if "--json" in sys.argv:
    print(json.dumps({"parts": parts, "ok": all(p["ok"] for p in parts)}, ensure_ascii=False))
else:
    for p in parts:
        rest = {k: v for k, v in p.items() if k not in ("part", "ok", "all", "ms")}
        said = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in rest.items())
        print(f"  {'✓' if p['ok'] else '✕'} {p['part']}: {said} ({p.get('ms', 0) / 1000:.1f} s)")
