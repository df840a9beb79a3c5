import { describe, expect, it } from 'vitest';

import { look, nextAlert, remaining, tally } from './roomTile';
import type { Clock, Tile } from './types';

const NOW = 1_800_000_000_000;
const LATE = 900_000;
const clock: Clock = { started_ms: NOW - 600_000, allowed_ms: 5_400_000, paused: false, closed: false, remaining_ms: 4_800_000, deadline_ms: NOW + 4_800_000 };

function tile(over: Partial<Tile> = {}): Tile {
  return {
    attempt: 'a', seat: 1, name: '林知远', ticket: '2611030001', photo: null, state: 'open', presence: 'present', waiting: false,
    last_seen_ms: NOW - 5000, last_saved_ms: NOW - 9000, answered: 3, item: 4, epoch: 1, weak: false, entries: 9, aside: 0, away: 0,
    clock_jumps: 0, violations: 0, ended_ms: 0, end_reason: null, due: false, seal_code_ok: null, clock, ...over,
  };
}

describe('a seat', () => {
  it.each([
    ['working', {}],
    ['offline', { last_seen_ms: NOW - 75_000 }],
    ['paused', { clock: { ...clock, paused: true } }],
    ['paused', { clock: { ...clock, paused: true, deadline_ms: NOW - 1 } }],
    ['due', { clock: { ...clock, deadline_ms: NOW - 1 } }],
    ['due', { due: true }],
    ['aside', { aside: 2 }],
    ['sealed', { state: 'sealed', last_seen_ms: 0 }],
    ['closed', { state: 'closed' }],
    ['admitted', { state: 'admitted' }],
    ['waiting', { state: 'prepared', waiting: true }],
    ['unknown', { state: 'prepared', presence: 'unknown' }],
    ['absent', { state: 'prepared', presence: 'absent' }],
  ] as [string, Partial<Tile>][])('is %s', (state, over) => expect(look(tile(over), NOW, LATE).state).toBe(state));
});

it('notices an empty chair once nobody may come in any more', () => {
  const started = tile({ state: 'prepared', presence: 'unknown' }).clock.started_ms ?? 0;
  const at = (over: Partial<Tile>, now: number) => look(tile({ state: 'prepared', ...over }), now, LATE);
  expect(at({ presence: 'unknown' }, started + LATE).state).toBe('unknown');
  expect(at({ presence: 'unknown' }, started + LATE + 1)).toMatchObject({ state: 'missing', alert: true });
  expect(at({ presence: 'present' }, started + LATE + 1).state).toBe('missing');
  expect(at({ presence: 'absent' }, started + LATE + 1)).toMatchObject({ state: 'absent', alert: false });
  expect(at({ state: 'admitted' }, started + LATE + 1)).toMatchObject({ state: 'empty', alert: true });
  expect(at({ presence: 'unknown', clock: { ...clock, started_ms: null, deadline_ms: null } }, NOW).state).toBe('unknown');
  const tiles = [tile({ last_seen_ms: started + LATE }), tile({ seat: 2, state: 'prepared', presence: 'unknown' })];
  expect(nextAlert(tiles, 0, started + LATE + 1, LATE)?.seat).toBe(2);
  expect(tally(tiles, started + LATE + 1, LATE).absent).toBe(1);
});

it('counts a room', () => {
  const tiles = [tile(), tile({ seat: 2, last_seen_ms: 0 }), tile({ seat: 3, state: 'sealed' }), tile({ seat: 4, state: 'prepared', presence: 'absent' }), tile({ seat: 5, state: 'prepared', waiting: true })];
  expect(tally(tiles, NOW, LATE)).toEqual({ seats: 5, present: 4, waiting: 1, ended: 1, offline: 1, alerts: 2, absent: 1 });
});

it('goes from alarm to alarm and around', () => {
  const tiles = [tile({ seat: 9, aside: 1 }), tile({ seat: 2, last_seen_ms: 0 }), tile({ seat: 5 })];
  expect(nextAlert(tiles, 0, NOW, LATE)?.seat).toBe(2);
  expect(nextAlert(tiles, 2, NOW, LATE)?.seat).toBe(9);
  expect(nextAlert(tiles, 9, NOW, LATE)?.seat).toBe(2);
  expect(nextAlert([tile()], 0, NOW, LATE)).toBeUndefined();
});

it('stops the clock in a pause and before the start', () => {
  expect(remaining(clock, NOW + 60_000)).toBe(4_740_000);
  expect(remaining({ ...clock, paused: true }, NOW + 60_000)).toBe(4_800_000);
  expect(remaining({ ...clock, started_ms: null, deadline_ms: null }, NOW)).toBe(4_800_000);
});
