import { describe, expect, it } from 'vitest';

import { bandOf, bands, lines, missing, stepped, sum } from './scoring';
import type { Rubric } from './types';

describe('bands', () => {
  it.each([1000, 2500, 13_000, 15_000, 7333, 100_000])('of %d cover all marks without a gap', (full) => {
    const all = bands(full);
    expect(all[0]?.from).toBe(0);
    expect(all.at(-1)?.to).toBe(full);
    for (const band of all) {
      expect(band.from).toBeLessThanOrEqual(band.to);
      expect(band.gives).toBeGreaterThanOrEqual(band.from);
      expect(band.gives).toBeLessThanOrEqual(band.to);
    }
    for (let mark = 0; mark <= full; mark += 500) expect(bandOf(full, mark)).toBeGreaterThanOrEqual(0);
  });

  it('names the band of a mark', () => {
    expect(bandOf(12_000, undefined)).toBe(-1);
    expect([0, 3000, 3500, 9000, 9500, 12_000].map((m) => bandOf(12_000, m))).toEqual([0, 0, 1, 2, 3, 3]);
  });
});

it('steps by half a mark and stays inside', () => {
  expect(stepped(2000, undefined, 1)).toBe(500);
  expect(stepped(2000, 2000, 1)).toBe(2000);
  expect(stepped(2000, 0, -1)).toBe(0);
});

it('sums and counts what is missing', () => {
  const rubric = { points: [{ id: 'a' }, { id: 'b' }] } as Rubric;
  expect(sum({ a: 1500, b: 250 })).toBe(1750);
  expect(missing(rubric, { a: 0 })).toBe(1);
});

it('reads answers and keys', () => {
  expect(lines(['A', 'C'])).toEqual(['A、C']);
  expect(lines('一\n二')).toEqual(['一', '二']);
  expect(lines({ points: [{ text: '要点一', marks: 2 }, { text: '要点二' }] })).toEqual(['要点一', 'marks：2', '要点二']);
  expect(lines(null)).toEqual([]);
});
