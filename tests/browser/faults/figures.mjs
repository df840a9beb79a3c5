// What a part counts; as tests/fault/fault.h has it. And chance that can be repeated.
export class Figures {
  constructor(part, { all, seed, limitMs }) {
    Object.assign(this, { part, long: all, seed, limitMs, began: Date.now(), state: seed >>> 0 });
    this.counts = {};
    this.zero = new Set();
  }

  add(name, more = 1) {
    this.counts[name] = (this.counts[name] ?? 0) + more;
  }

  /** Fails the part unless it stays 0. */
  fault(name, more) {
    this.add(name, more);
    this.zero.add(name);
  }

  text(name, text) {
    this.counts[name] = text;
  }

  over() {
    return this.limitMs > 0 && Date.now() > this.began + this.limitMs;
  }

  /** mulberry32 */
  draw(bound) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  }

  ok() {
    return [...this.zero].every((name) => this.counts[name] === 0);
  }

  all() {
    return { part: this.part, all: this.long, ms: Date.now() - this.began, ...this.counts, seed: this.seed, ok: this.ok() };
  }
}
