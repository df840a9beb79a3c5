import { describe, expect, it } from 'vitest';

import { formCells, meanDifficulty, overlap, overlapMatrix, shortages, signed, spread, stockRows } from './forms';
import type { FormItem, Solved } from './types';

const solved: Solved = {
  blueprint: {
    level: 3,
    direction: 'C',
    items: 7,
    millimarks: 7000,
    layout: [{ kind: 'single', count: 5, millimarks: 1000 }, { kind: 'multiple', count: 2, millimarks: 1000 }],
    cells: [
      { area: 'B', name: '基础', kind: 'single', count: 2 },
      { area: 'F', name: '直播', kind: 'single', count: 3 },
      { area: 'F', name: '直播', kind: 'multiple', count: 2 },
    ],
    deviation: [],
  },
  feasible: false,
  sentence: '不足',
  stock: [
    { area: 'B', kind: 'single', have: 9, unused: 4, difficulty: [1, 2, 3, 2, 1] },
    { area: 'F', kind: 'single', have: 9, unused: 2, difficulty: [0, 0, 9, 0, 0] },
    { area: 'F', kind: 'multiple', have: 1, unused: 1, difficulty: [1, 0, 0, 0, 0] },
  ],
  starving: [{ area: 'F', kind: 'multiple', needed: 2, have: 1 }],
};
const item = (id: string, area: string, kind: string, difficulty: number): FormItem => ({ section: 1, id, code: id, kind, area, point: '', measured: false, a: 1, b: difficulty - 3, c: 0, difficulty, millimarks: 1000, stem: '' });

describe('forms', () => {
  it('show the starving areas first, and what never stood in a paper', () => {
    const { kinds, rows } = stockRows(solved);
    expect(kinds).toEqual(['single', 'multiple']);
    expect(rows.map((r) => [r.name, r.starves, r.needed])).toEqual([['直播', true, 5], ['基础', false, 2]]);
    expect(rows[1]?.cells[1]).toBeUndefined();
    expect(rows[1]?.cells[0]?.rounds).toBe(2);
    expect(shortages(rows, 1).map((s) => [s.name, s.cell.kind, s.lacks])).toEqual([['直播', 'single', 1], ['直播', 'multiple', 1]]);
  });
  it('are counted by cell and difficulty', () => {
    const items = [item('1', 'B', 'single', 1), item('2', 'F', 'single', 3), item('3', 'F', 'multiple', 5)];
    expect(meanDifficulty(items)).toBe(3);
    expect(meanDifficulty([])).toBeUndefined();
    expect(spread(items)).toEqual([1, 0, 1, 0, 1]);
    const { rows } = formCells(items);
    expect(rows.map((r) => [r.area, r.count, r.mean])).toEqual([['B', 1, 1], ['F', 2, 4]]);
    expect(rows[0]?.cells.map((c) => [c.count, c.off])).toEqual([[1, -2], [0, 0]]);
  });
  it('overlap in items they share', () => expect(overlap([{ id: 'a' }, { id: 'b' }], [{ id: 'b' }, { id: 'c' }])).toBe(1));
  it('count what each two share', () => {
    expect(overlapMatrix([[{ id: 'a' }, { id: 'b' }], [{ id: 'b' }, { id: 'c' }]])).toEqual([[2, 1], [1, 2]]);
    expect(signed(-0.3)).toBe('−0.30');
  });
});
