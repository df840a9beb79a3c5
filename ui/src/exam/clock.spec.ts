import { describe, expect, it } from 'vitest';

import { hm, mergeRows, parts, readClock, ServerTime } from './clock';
import { retryAfter, type LedgerRow } from './wire';

const T0 = 1_795_831_200_000;
const MIN = 60_000;
let no = 0;
const row = (kind: LedgerRow['kind'], scope: LedgerRow['scope'], at: number, minutes?: number): LedgerRow => ({ no: ++no, kind, scope, at_ms: T0 + at * MIN, minutes, server_ms: 0 });
const at = (minutes: number) => T0 + minutes * MIN;

describe('the ledger', () => {
  const start = row('start', 'session', 0);

  it('has not begun without a start, nor before it', () => {
    expect(readClock([], 90, at(5))).toMatchObject({ begun: false, hasStart: false, remainingMs: 90 * MIN, deadlineMs: null });
    expect(readClock([start], 90, at(-5))).toMatchObject({ begun: false, hasStart: true, remainingMs: 90 * MIN, deadlineMs: null });
  });

  it('takes the newest start of the narrowest scope', () => {
    const rows = [start, row('start', 'room', 10), row('start', 'attempt', 20), row('start', 'attempt', 15)];
    expect(readClock(rows.slice(0, 2), 90, at(30)).remainingMs).toBe(70 * MIN);
    expect(readClock(rows, 90, at(30))).toMatchObject({ remainingMs: 75 * MIN, startedMs: at(15) });
  });

  it('is put off by what was said before the room began, and starts nothing by itself', () => {
    const off = { ...row('put_off', 'session', 20), server_ms: at(-5) };
    expect(readClock([off], 90, at(30)).hasStart).toBe(false);
    expect(readClock([row('start', 'room', 0), off], 90, at(30))).toMatchObject({ startedMs: at(20), remainingMs: 80 * MIN });
    expect(readClock([row('start', 'room', 25), off], 90, at(30)).startedMs).toBe(at(25));
    expect(readClock([row('start', 'room', 0), { ...off, server_ms: at(1) }], 90, at(30)).startedMs).toBe(at(0));
  });

  it('adds every extension once, also after the end', () => {
    const rows = [start, row('extend', 'session', 5, 5), row('extend', 'attempt', 6, 10)];
    expect(readClock(rows, 90, at(95))).toMatchObject({ allowedMs: 105 * MIN, remainingMs: 10 * MIN, deadlineMs: at(105) });
    expect(readClock([start], 90, at(200)).remainingMs).toBe(0);
    expect(readClock([start, row('extend', 'attempt', 200, 120)], 90, at(200)).remainingMs).toBe(10 * MIN);
  });

  it('stops while paused, in the union of the scopes, and not before the start', () => {
    const rows = [row('pause', 'room', -5), start, row('resume', 'room', 5), row('pause', 'session', 20), row('pause', 'attempt', 25), row('resume', 'session', 30), row('resume', 'attempt', 40)];
    expect(readClock(rows, 90, at(15)).remainingMs).toBe(80 * MIN); // five minutes of the first pause count
    expect(readClock(rows, 90, at(35))).toMatchObject({ paused: true, remainingMs: 75 * MIN, deadlineMs: null });
    expect(readClock(rows, 90, at(50))).toMatchObject({ paused: false, remainingMs: 65 * MIN, deadlineMs: at(115) });
  });

  it('never gives more than is allowed nor less than nothing', () => {
    for (let m = -100; m < 300; m += 7) {
      const { remainingMs, allowedMs } = readClock([start, row('pause', 'room', 30), row('extend', 'room', 31, 3)], 60, at(m));
      expect(remainingMs).toBeGreaterThanOrEqual(0);
      expect(remainingMs).toBeLessThanOrEqual(allowedMs);
    }
  });

  it('knows a close that has taken effect', () => {
    const rows = [start, row('close', 'attempt', 10)];
    expect([readClock(rows, 90, at(9)).closed, readClock(rows, 90, at(10)).closed]).toEqual([false, true]);
  });

  it('merges rows by number, each once', () => {
    const a = [row('start', 'room', 0), row('pause', 'room', 1)];
    expect(mergeRows(a, [...a])).toBe(a);
    const later = row('resume', 'room', 2);
    expect(mergeRows([later], a).map((r) => r.kind)).toEqual(['start', 'pause', 'resume']);
  });
});

describe('server time', () => {
  let mono = 1000;
  const clock = () => new ServerTime(() => mono);

  it('goes on with the monotonic clock', () => {
    const t = clock();
    t.anchor(5000, 1000, 900);
    mono = 3000;
    expect(t.now()).toBe(7000);
    mono = 1000;
  });

  it('never runs ahead of the server, whatever the delays', () => {
    // True server time is mono + 1,000,000; each answer is delayed both ways at random.
    const t = clock();
    let now = 0;
    let seed = 7;
    const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let i = 0; i < 500; i++) {
      const sent = now;
      const there = sent + chance() * 5000;
      const came = there + chance() * 5000;
      mono = came;
      t.anchor(1_000_000 + there, came, chance() < 0.3 ? undefined : sent);
      expect(t.now()).toBeLessThanOrEqual(1_000_000 + mono + 1e-6);
      now = came + chance() * 20_000;
    }
    expect(1_000_000 + mono - t.now()).toBeLessThan(5000);
  });

  it('does not shorten the time because an answer was slow', () => {
    const t = clock();
    t.anchor(10_000, 100, 90); // 10 ms round trip
    mono = 5000;
    const before = t.now();
    t.anchor(14_000, 5000, 1000); // four seconds round trip
    expect(t.now()).toBe(before);
  });

  it('believes the server after the PC has slept', () => {
    const t = clock();
    t.anchor(10_000, 100, 90);
    mono = 200; // an hour of sleep that the monotonic clock did not see
    t.anchor(10_000 + 3_600_000, 200, 190);
    expect(t.now()).toBe(3_610_000);
  });

  it('replaces what was carried over a reload with the first answer', () => {
    const t = clock();
    mono = 0;
    t.carry(50_000);
    expect([t.now(), t.rough]).toEqual([50_000, true]);
    t.anchor(20_000, 0, -3000);
    expect([t.now(), t.rough]).toEqual([20_000, false]);
  });
});

it('shows minutes rounded up, seconds in the last five', () => {
  expect(parts(82 * MIN)).toEqual({ hours: 1, minutes: 22, seconds: null });
  expect(parts(81 * MIN + 1)).toEqual({ hours: 1, minutes: 22, seconds: null });
  expect(parts(300_001)).toEqual({ hours: 0, minutes: 6, seconds: null });
  expect(parts(277_000)).toEqual({ hours: 0, minutes: 4, seconds: 37 });
  expect(parts(0)).toEqual({ hours: 0, minutes: 0, seconds: 0 });
});

it('tells the time of half-hour zones', () => {
  expect(hm(Date.UTC(2026, 10, 28, 2, 42), 5.5 * 3_600_000)).toBe('08:12');
});

it('reads Retry-After in both forms and believes no more than five minutes', () => {
  expect([retryAfter('7', 0), retryAfter(null, 0), retryAfter('soon', 0), retryAfter('9999', 0)]).toEqual([7000, 0, 0, 300_000]);
  expect(retryAfter('Thu, 01 Jan 1970 00:00:09 GMT', 4000)).toBe(5000);
});
