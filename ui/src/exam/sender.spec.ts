// @vitest-environment node
// The sender against a server that loses, repeats and reorders: nothing is dropped before its acknowledgement.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { hex, join, random, viewOf, type Bytes } from './bytes';
import { HEAD_BYTES, type Entry } from './journal';
import { backOff, GATHER_MS, Sender, type Box, type SenderEvents } from './sender';
import { Refusal, type Saved } from './wire';

function entry(epoch: number, seq: number): Entry {
  const bytes = new Uint8Array(HEAD_BYTES);
  viewOf(bytes).setUint32(20, epoch);
  viewOf(bytes).setUint32(24, seq);
  bytes.set(random(32), 56);
  return { epoch, seq, hash: bytes.slice(56), bytes }; // the "hash" is part of the entry: enough here
}

class FakeBox implements Box {
  readonly all = new Map<number, Entry[]>();
  readonly dropped: Entry[] = [];
  constructor(public epoch = 1) {}

  add(seq: number, epoch = this.epoch): Entry {
    const made = entry(epoch, seq);
    this.all.set(epoch, [...this.list(epoch), made]);
    return made;
  }
  current() {
    return this.epoch;
  }
  epochs() {
    return [...this.all.keys()].filter((e) => this.list(e).length);
  }
  list(epoch: number) {
    return this.all.get(epoch) ?? [];
  }
  async body(entries: Entry[]) {
    return join(...entries.map((e) => e.bytes));
  }
  drop(epoch: number, upTo: number) {
    this.dropped.push(...this.list(epoch).filter((e) => e.seq <= upTo));
    this.all.set(epoch, this.list(epoch).filter((e) => e.seq > upTo));
  }
}

const readBody = (body: Bytes): Entry[] =>
  Array.from({ length: body.length / HEAD_BYTES }, (_, i) => {
    const bytes = body.slice(i * HEAD_BYTES, (i + 1) * HEAD_BYTES);
    return { epoch: viewOf(bytes).getUint32(20), seq: viewOf(bytes).getUint32(24), hash: bytes.slice(56), bytes };
  });

const answerTo = (e: Entry, branch: 'main' | 'aside' = 'main'): Saved => ({ epoch: e.epoch, seq: e.seq, hash: hex(e.hash), branch, server_ms: 1, batch: 1, batch_hash: '0'.repeat(16) });
const refusal = (status: number, more: Partial<Refusal> = {}) => new Refusal(status, '', more.field ?? '', '', more.retryMs ?? 0, more.expect ?? 0);

interface Told {
  bodies: Entry[][];
  saved: Saved[];
  waits: [number, number][];
  lost: string[];
}

function make(box: Box, post: (entries: Entry[]) => Promise<Saved>): { sender: Sender; told: Told } {
  const told: Told = { bodies: [], saved: [], waits: [], lost: [] };
  const on: SenderEvents = {
    post: (body) => {
      const entries = readBody(body);
      told.bodies.push(entries);
      return post(entries);
    },
    saved: (a) => told.saved.push(a),
    waiting: (why, ms) => told.waits.push([why.status, ms]),
    lost: (why, epoch) => told.lost.push(`${why} ${epoch}`),
  };
  return { sender: new Sender(box, on, () => 0.5), told };
}

const lastOf = (entries: Entry[]) => entries[entries.length - 1] as Entry;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('one body after the other', () => {
  it('gathers what comes within 300 ms into one save', async () => {
    const box = new FakeBox();
    const { sender, told } = make(box, async (e) => answerTo(lastOf(e)));
    for (let seq = 1; seq <= 5; seq++) {
      box.add(seq);
      sender.kick();
    }
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(told.bodies.map((b) => b.length)).toEqual([5]);
    expect(box.list(1)).toHaveLength(0);
  });

  it('never has two in flight', async () => {
    const box = new FakeBox();
    let open = 0;
    let most = 0;
    const { sender } = make(box, async (e) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      open--;
      return answerTo(lastOf(e));
    });
    for (let seq = 1; seq <= 30; seq++) {
      box.add(seq);
      sender.kick();
      sender.hurry();
      await vi.advanceTimersByTimeAsync(400);
    }
    await vi.advanceTimersByTimeAsync(20_000);
    expect(most).toBe(1);
    expect(box.list(1)).toHaveLength(0);
  });
});

describe('what waits', () => {
  it.each([0, 401, 403, 404, 413, 429, 500, 503])('keeps everything and sends the same bytes again after %i', async (status) => {
    const box = new FakeBox();
    box.add(1);
    let fails = 1;
    const { sender, told } = make(box, async (e) => {
      if (fails-- > 0) throw refusal(status);
      return answerTo(lastOf(e));
    });
    sender.kick();
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(box.list(1)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told.bodies[1]).toEqual(told.bodies[0]);
    expect(box.dropped).toHaveLength(1);
  });

  it('obeys Retry-After even when hurried', async () => {
    const box = new FakeBox();
    box.add(1);
    const { sender, told } = make(box, async () => {
      throw refusal(429, { retryMs: 20_000 });
    });
    sender.kick();
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    sender.hurry();
    await vi.advanceTimersByTimeAsync(19_000);
    expect(told.bodies).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told.bodies).toHaveLength(2);
  });

  it('backs off 2^n × 0.5–1.5 s up to 30 s', () => {
    for (let n = 0; n < 20; n++) {
      for (const chance of [0, 0.3, 0.999]) {
        const ms = backOff(n, chance, 0);
        expect(ms).toBeGreaterThanOrEqual(Math.min(2 ** n * 500, 30_000));
        expect(ms).toBeLessThanOrEqual(30_000);
      }
    }
    expect(backOff(0, 0, 45_000)).toBe(45_000);
  });

  it('asks for a new claim after the second 401 in a row', async () => {
    const box = new FakeBox();
    box.add(1);
    const { sender, told } = make(box, async () => {
      throw refusal(401);
    });
    sender.kick();
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(told.lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.lost).toEqual(['unknown 1']);
    expect(told.bodies).toHaveLength(2); // and then is quiet until the claim
    expect(box.list(1)).toHaveLength(1);
  });
});

describe('what the server says', () => {
  it('drops only what an answer names by hash', async () => {
    const box = new FakeBox();
    const first = box.add(1);
    box.add(2);
    const answers: Saved[] = [{ ...answerTo(first), hash: 'f'.repeat(64) }, { ...answerTo(first), seq: 9 }, answerTo(first)];
    const { sender } = make(box, async (e) => answers.shift() ?? answerTo(lastOf(e)));
    sender.kick();
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    expect(box.dropped).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(box.dropped).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(box.dropped.map((e) => e.seq)).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(box.dropped.map((e) => e.seq)).toEqual([1, 2]);
  });

  it('goes on from what a gap names, keeping what is before until it is acknowledged', async () => {
    const box = new FakeBox();
    for (let seq = 5; seq <= 9; seq++) box.add(seq);
    let told409 = false;
    const { sender, told } = make(box, async (e) => {
      if (!told409) {
        told409 = true;
        throw refusal(409, { field: '/seq', expect: 7 });
      }
      return answerTo(lastOf(e));
    });
    sender.kick();
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    await vi.advanceTimersByTimeAsync(10);
    expect(told.bodies.map((b) => b[0]?.seq)).toEqual([5, 7]);
    expect(box.dropped.map((e) => e.seq)).toEqual([5, 6, 7, 8, 9]);
  });

  it('asks for a new epoch when what is expected is gone', async () => {
    const box = new FakeBox();
    box.add(5);
    const { sender, told } = make(box, async () => {
      throw refusal(409, { field: '/seq', expect: 3 });
    });
    sender.kick();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.lost).toEqual(['gap 1']);
    expect(box.list(1)).toHaveLength(1);
  });

  it('does not circle when the same gap is named for ever', async () => {
    const box = new FakeBox();
    box.add(1);
    const { sender, told } = make(box, async () => {
      throw refusal(409, { field: '/seq', expect: 1 });
    });
    sender.kick();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.bodies.length).toBeLessThan(10);
  });

  it('stops writing an epoch that lands aside, but not for an older one', async () => {
    const box = new FakeBox(2);
    box.add(1, 1);
    box.add(1, 2);
    const { sender, told } = make(box, async (e) => answerTo(lastOf(e), lastOf(e).epoch === 1 ? 'aside' : 'main'));
    sender.kick();
    await vi.advanceTimersByTimeAsync(5000);
    expect(told.bodies.map((b) => b[0]?.epoch)).toEqual([2, 1]); // the current one first
    expect(told.lost).toEqual([]);
    expect(box.dropped).toHaveLength(2);

    const fork = new FakeBox(2);
    fork.add(1);
    const other = make(fork, async (e) => answerTo(lastOf(e), 'aside'));
    other.sender.kick();
    await vi.advanceTimersByTimeAsync(GATHER_MS);
    fork.add(2);
    other.sender.kick();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(other.told.lost).toEqual(['aside 2']);
    expect(other.told.bodies).toHaveLength(1);
    expect(fork.list(2)).toHaveLength(1);
  });

  it('sends nothing more of an epoch the server calls malformed, and keeps it', async () => {
    const box = new FakeBox();
    box.add(1);
    const { sender, told } = make(box, async () => {
      throw refusal(400);
    });
    sender.kick();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([told.lost, told.bodies.length, box.list(1).length]).toEqual([['malformed 1'], 1, 1]);
  });
});

describe('property', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('acknowledged ⊆ stored under lost, repeated, reordered and broken answers (seed %i)', async (start) => {
    let seed = start * 7919;
    const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const box = new FakeBox();
    const stored = new Map<number, string>();
    const old: Saved[] = [];
    const server = (entries: Entry[]): Saved => {
      for (const e of entries) {
        const next = stored.size + 1;
        if (e.seq > next) throw refusal(409, { field: '/seq', expect: next });
        if (!stored.has(e.seq)) stored.set(e.seq, hex(e.hash));
      }
      const answer = answerTo(lastOf(entries));
      old.push(answer);
      return answer;
    };
    const { sender } = make(box, async (entries) => {
      await new Promise((resolve) => setTimeout(resolve, chance() * 800));
      const what = chance();
      if (what < 0.15) throw refusal(0); // lost on the way there
      if (what < 0.3) {
        server(entries);
        throw refusal(0); // lost on the way back
      }
      if (what < 0.38) throw refusal(503);
      if (what < 0.42) throw refusal(429, { retryMs: 1000 });
      const answer = server(entries);
      if (what < 0.55) server(entries); // sent twice by the network
      if (what < 0.65) return old[Math.floor(chance() * old.length)] ?? answer; // an answer of an earlier save
      if (what < 0.7) return { ...answer, hash: '0'.repeat(64) }; // garbled
      return answer;
    });
    let seq = 0;
    for (let i = 0; i < 200; i++) {
      if (seq < 120 && chance() < 0.7) {
        box.add(++seq);
        sender.kick();
      }
      if (chance() < 0.1) sender.hurry();
      await vi.advanceTimersByTimeAsync(chance() * 1500);
      for (const e of box.dropped) expect(stored.get(e.seq)).toBe(hex(e.hash));
      expect(box.dropped.length + box.list(1).length).toBe(seq);
    }
    await vi.advanceTimersByTimeAsync(600_000);
    expect(box.list(1)).toHaveLength(0); // and in the end all of it arrives
    expect(stored.size).toBe(seq);
  });
});
