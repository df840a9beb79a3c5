import { describe, expect, it } from 'vitest';

import { areasFor, areasOf } from './points';

const file = {
  basic: [{ id: 'B1', name: '基础', sections: [{ id: 'B1.1', name: '一' }, { id: 'B1.2', name: '二', items: [{ id: 'B1.2.1', text: '甲' }] }] }],
  functions: [
    { id: 'F4.1', name: '市场', level: 4, directions: ['A', 'B'], contents: [{ id: 'W', knowledge: [{ id: 'K1', code: '4.1.1.1', text: '乙' }] }] },
    { id: 'F3.1', name: '策划', level: 3, directions: ['A'], contents: [{ id: 'W', skills: [{ id: 'S1', text: '丙' }] }] },
  ],
};

describe('points', () => {
  const areas = areasOf(file);
  it('are the leaves, in order', () => {
    expect(areas.flatMap((a) => a.points.map((p) => `${p.area} ${p.id} ${p.text}`))).toEqual(['B1 B1.1 一', 'B1 B1.2.1 甲', 'F4.1 K1 乙', 'F3.1 S1 丙']);
    expect(areasOf({})).toEqual([]);
  });
  it('are offered by level and direction', () => {
    expect(areasFor(areas, [4], []).map((a) => a.id)).toEqual(['B1', 'F4.1']);
    expect(areasFor(areas, [4, 3], ['B']).map((a) => a.id)).toEqual(['B1', 'F4.1']);
    expect(areasFor(areas, [], []).map((a) => a.id)).toEqual(['B1', 'F4.1', 'F3.1']);
  });
});
