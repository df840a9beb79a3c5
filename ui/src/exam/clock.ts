// Time is a ledger (protocol §4): what is left follows from rows and the server's time, which is
// known from anchors and carried on by the page's monotonic clock, never by the PC's wall clock.
import type { LedgerRow } from './wire';

export interface ExamClock {
  hasStart: boolean;
  begun: boolean;
  startedMs: number | null;
  allowedMs: number;
  paused: boolean;
  remainingMs: number;
  /** Null while not begun or paused. */
  deadlineMs: number | null;
  closed: boolean;
}

const NARROWEST = ['attempt', 'room', 'session'] as const;

/** Rows by number, each once; the rows already known stay. */
export function mergeRows(known: LedgerRow[], more: LedgerRow[]): LedgerRow[] {
  const fresh = more.filter((row) => !known.some((k) => k.no === row.no));
  return fresh.length ? [...known, ...fresh].sort((a, b) => a.no - b.no) : known;
}

function startOf(rows: LedgerRow[]): number | null {
  const putOff = rows.filter((r) => r.kind === 'put_off').pop();
  for (const scope of NARROWEST) {
    const last = rows.filter((r) => r.kind === 'start' && r.scope === scope).pop();
    if (!last) continue;
    // One that came after the room had begun changes nothing.
    return putOff && putOff.server_ms < last.at_ms ? Math.max(last.at_ms, putOff.at_ms) : last.at_ms;
  }
  return null;
}

/** Pauses of each scope, open at the end where nobody has resumed. */
function pausesOf(rows: LedgerRow[]): [number, number][] {
  const out: [number, number][] = [];
  for (const scope of NARROWEST) {
    let since: number | null = null;
    for (const row of rows) {
      if (row.scope !== scope) continue;
      if (row.kind === 'pause') since ??= row.at_ms;
      if (row.kind === 'resume' && since !== null) {
        out.push([since, row.at_ms]);
        since = null;
      }
    }
    if (since !== null) out.push([since, Infinity]);
  }
  return out.sort((a, b) => a[0] - b[0]);
}

/** The length of the union of the intervals within [from, to]. */
function covered(intervals: [number, number][], from: number, to: number): number {
  let sum = 0;
  let end = from;
  for (const [a, b] of intervals) {
    const start = Math.max(a, end);
    const stop = Math.min(b, to);
    if (stop > start) {
      sum += stop - start;
      end = stop;
    }
  }
  return sum;
}

export function readClock(rows: LedgerRow[], minutes: number, nowMs: number): ExamClock {
  const start = startOf(rows);
  const extra = rows.reduce((sum, r) => sum + (r.kind === 'extend' ? (r.minutes ?? 0) : 0), 0);
  const allowedMs = (minutes + extra) * 60_000;
  const begun = start !== null && nowMs >= start;
  const pauses = pausesOf(rows);
  const paused = pauses.some(([a, b]) => nowMs >= a && nowMs < b);
  const pausedMs = begun ? covered(pauses, start, nowMs) : 0;
  const used = begun ? nowMs - start - pausedMs : 0;
  return {
    hasStart: start !== null,
    begun,
    startedMs: start,
    allowedMs,
    paused,
    remainingMs: Math.min(Math.max(allowedMs - used, 0), allowedMs),
    deadlineMs: begun && !paused ? start + allowedMs + pausedMs : null,
    closed: rows.some((r) => r.kind === 'close' && nowMs >= r.at_ms),
  };
}

/** The newest row that changed the time the candidate has; it stands under the clock. */
export function lastChange(rows: LedgerRow[]): LedgerRow | undefined {
  const changes = rows.filter((r) => r.kind === 'extend' || r.kind === 'pause' || r.kind === 'resume');
  return changes[changes.length - 1];
}

/** Clocks of PCs differ by up to this share from ours. */
const DRIFT = 0.0005;

/**
 * What is known of (server time − monotonic time). An answer that was asked for at `sent`, came at
 * `came` and says `server` proves  server − came ≤ offset ≤ server − sent. The lower end is used,
 * so a slow answer gives the candidate time and never takes any.
 */
export class ServerTime {
  private low = 0;
  private high = 0;
  private at = 0;
  private width = Infinity;
  /** No answer in this run of the page yet: the time is carried over a reload by the wall clock. */
  rough = true;
  known = false;

  constructor(private readonly mono: () => number) {}

  now(): number {
    return this.mono() + this.low;
  }

  /** From what was kept before a reload. */
  carry(serverMs: number): void {
    this.low = serverMs - this.mono();
    this.high = Infinity;
    this.width = Infinity;
    this.rough = true;
    this.known = true;
  }

  /** `sent` is undefined for what came unasked (beats): then only the lower end is proved. */
  anchor(serverMs: number, came: number, sent?: number): void {
    const low = serverMs - came;
    const high = sent === undefined ? Infinity : serverMs - sent;
    const age = Math.max(0, came - this.at) * DRIFT + 250;
    // The PC slept, or the server's clock was set: what was known is no longer true.
    const broken = low > this.high + age || high < this.low - age;
    const better = sent !== undefined && came - sent <= this.width + age;
    if (!this.known || this.rough || broken || better) {
      this.low = low;
      this.high = sent === undefined ? low + 60_000 : high;
      this.width = this.high - low;
      this.at = came;
      this.rough = false;
      this.known = true;
    }
  }
}

/** Hours and minutes; minutes and seconds in the last five. Minutes are rounded up: 1 is left until 0. */
export function parts(remainingMs: number): { hours: number; minutes: number; seconds: number | null } {
  const total = Math.ceil(Math.max(0, remainingMs) / 1000);
  if (total <= 300) return { hours: 0, minutes: Math.floor(total / 60), seconds: total % 60 };
  const minutes = Math.ceil(total / 60);
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60, seconds: null };
}

const two = (n: number) => String(n).padStart(2, '0');

/** 10:42 in the session's zone, also one of half hours. */
export function hm(ms: number, zoneMs: number): string {
  const d = new Date(ms + zoneMs);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

export function hms(ms: number, zoneMs: number): string {
  return `${hm(ms, zoneMs)}:${two(new Date(ms + zoneMs).getUTCSeconds())}`;
}

export function dayHms(ms: number, zoneMs: number): string {
  const d = new Date(ms + zoneMs);
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${hms(ms, zoneMs)}`;
}
