import { describe, expect, it } from 'vitest';

import { heat, lacks, matrixOf, papers, pointRows, type Coverage } from './coverage';

const coverage: Coverage = {
  programme: 'p',
  items: 9,
  lacking: 1,
  cells: [
    { level: 4, direction: 'A', area: 'B1', kind: 'single', have: 10, needed: 3 },
    { level: 4, direction: 'A', area: 'F1', kind: 'multiple', have: 1, needed: 2 },
    { level: 3, direction: null, area: 'B1', kind: 'single', have: 10, needed: 5 },
    { level: 4, direction: 'A', area: 'F1', kind: 'single', have: 4, needed: 4 },
  ],
  points: [
    { point: 'K1', area: 'F1', have: 3, needed: 1 },
    { point: 'K2', area: 'B1', have: 0, needed: 1 },
  ],
  point_kinds: [
    { point: 'K1', kind: 'single', have: 2 },
    { point: 'K1', kind: 'case', have: 1 },
  ],
};

describe('coverage', () => {
  it('counts papers', () => {
    expect(papers({ have: 10, needed: 3 })).toBe(3);
    expect(heat({ have: 10, needed: 3 })).toBe(3);
    expect(heat({ have: 99, needed: 3 })).toBe(4);
    expect(heat({ have: 2, needed: 3 })).toBe(0);
    expect(lacks({ have: 2, needed: 3 })).toBe(true);
  });
  it('becomes a matrix with the columns of one level together', () => {
    const m = matrixOf(coverage.cells);
    expect(m.columns.map((c) => c.key)).toEqual(['4A single', '4A multiple', '3 single']);
    expect(m.areas).toEqual(['B1', 'F1']);
    expect(m.at.get('F1 4A multiple')?.have).toBe(1);
    expect(m.at.get('F1 3 single')).toBeUndefined();
  });
  it('counts points by kind', () => {
    expect(pointRows(coverage, ['single', 'case'], '')).toEqual([
      { point: 'K1', area: 'F1', total: 3, counts: [2, 1] },
      { point: 'K2', area: 'B1', total: 0, counts: [0, 0] },
    ]);
    expect(pointRows(coverage, ['single'], 'B1').map((r) => r.point)).toEqual(['K2']);
  });
});
