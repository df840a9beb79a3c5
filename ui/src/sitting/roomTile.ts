// What a seat of the live room says: one state by weight, its mark, word and tone.
import type { Ms } from '../shared/api';
import type { Clock, Tile } from './types';

/** A device that was silent for longer counts as cut off (it speaks at least once a minute). */
export const SILENT_MS = 75_000;

export type TileState = 'due' | 'waiting' | 'offline' | 'aside' | 'paused' | 'closed' | 'sealed' | 'absent' | 'missing' | 'empty' | 'admitted' | 'present' | 'unknown' | 'working';
export type Tone = 'plain' | 'good' | 'warn' | 'danger' | 'off';

export interface Seen {
  state: TileState;
  kind: 'ok' | 'unknown' | 'no' | 'late' | 'stop' | 'open' | 'pause' | 'on';
  tone: Tone;
  /** Somebody should look. */
  alert: boolean;
}

const looks: Record<TileState, Omit<Seen, 'state'>> = {
  due: { kind: 'stop', tone: 'danger', alert: true },
  waiting: { kind: 'late', tone: 'warn', alert: true },
  offline: { kind: 'late', tone: 'warn', alert: true },
  aside: { kind: 'late', tone: 'warn', alert: true },
  paused: { kind: 'pause', tone: 'warn', alert: false },
  closed: { kind: 'ok', tone: 'good', alert: false },
  sealed: { kind: 'ok', tone: 'good', alert: false },
  absent: { kind: 'no', tone: 'off', alert: false },
  // Nobody sat down by the late limit; let in, but nobody opened the paper.
  missing: { kind: 'late', tone: 'warn', alert: true },
  empty: { kind: 'late', tone: 'warn', alert: true },
  admitted: { kind: 'open', tone: 'plain', alert: false },
  present: { kind: 'open', tone: 'plain', alert: false },
  unknown: { kind: 'unknown', tone: 'off', alert: false },
  working: { kind: 'on', tone: 'plain', alert: false },
};

/** Time left at `now`, both by the server's clock. */
export function remaining(clock: Clock, now: Ms): number {
  if (clock.started_ms === null || clock.paused || clock.deadline_ms === null) return clock.remaining_ms;
  return Math.max(0, clock.deadline_ms - now);
}

export const isOffline = (tile: Tile, now: Ms): boolean => tile.state === 'open' && (tile.last_seen_ms === 0 || now - tile.last_seen_ms >= SILENT_MS);

/** Nobody may come in any more: LATE after the start of this seat's clock. */
const isLate = (tile: Tile, now: Ms, late: Ms): boolean => tile.clock.started_ms !== null && now > tile.clock.started_ms + late;

function stateOf(tile: Tile, now: Ms, late: Ms): TileState {
  if (tile.state === 'closed') return 'closed';
  if (tile.state === 'sealed') return 'sealed';
  if (tile.state === 'open') {
    if (tile.due || (tile.clock.started_ms !== null && !tile.clock.paused && remaining(tile.clock, now) === 0)) return 'due';
    if (tile.aside > 0) return 'aside';
    if (tile.clock.paused) return 'paused';
    return isOffline(tile, now) ? 'offline' : 'working';
  }
  if (tile.state === 'admitted') return isLate(tile, now, late) ? 'empty' : 'admitted';
  if (tile.waiting) return 'waiting';
  return tile.presence !== 'absent' && isLate(tile, now, late) ? 'missing' : tile.presence;
}

/** LATE: the late limit of the session, in ms. */
export function look(tile: Tile, now: Ms, late: Ms): Seen {
  const state = stateOf(tile, now, late);
  return { state, ...looks[state] };
}

export interface Tally {
  seats: number;
  present: number;
  waiting: number;
  ended: number;
  offline: number;
  alerts: number;
  /** Not there by the late limit, marked or not. */
  absent: number;
}

export function tally(tiles: Tile[], now: Ms, late: Ms): Tally {
  const sum: Tally = { seats: tiles.length, present: 0, waiting: 0, ended: 0, offline: 0, alerts: 0, absent: 0 };
  for (const tile of tiles) {
    const { state, alert } = look(tile, now, late);
    if (state === 'absent' || state === 'missing' || state === 'empty') sum.absent += 1;
    else if (state !== 'unknown') sum.present += 1;
    if (state === 'waiting') sum.waiting += 1;
    if (state === 'sealed' || state === 'closed') sum.ended += 1;
    if (isOffline(tile, now)) sum.offline += 1;
    if (alert) sum.alerts += 1;
  }
  return sum;
}

/** The seat after `from` that somebody should look at. */
export function nextAlert(tiles: Tile[], from: number, now: Ms, late: Ms): Tile | undefined {
  const wanting = [...tiles].sort((a, b) => a.seat - b.seat).filter((tile) => look(tile, now, late).alert);
  return wanting.find((tile) => tile.seat > from) ?? wanting[0];
}
