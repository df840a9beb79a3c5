import { describe, expect, it } from 'vitest';

import { at, fresh, names, prepared, switched, touched } from './itemForm';

describe('an item while it is written', () => {
  it('keeps options between kinds that have them, never the key', () => {
    const object = { ...fresh('single'), options: ['甲', '乙'], key: 'B' };
    expect(switched(object, 'multiple')).toMatchObject({ options: ['甲', '乙'], key: [] });
    expect(switched(object, 'true_false').options).toBeUndefined();
  });
  it('sends no empty rows', () => {
    const object = { ...fresh('short'), id: ' a-1 ', law: [{ name: '', version: '', article: '' }], enemies: ['', 'b'], errors: [' ', '错'], reviewed_by: ['x'] };
    expect(prepared(object)).toMatchObject({ id: 'a-1', law: [], enemies: ['b'], errors: ['错'] });
  });
  it('knows what was touched by pointer', () => {
    const before = { object: fresh('single') };
    const now = { object: { ...fresh('single'), options: ['', '乙', '', ''] } };
    expect(touched(before, now, '/object/options/1')).toBe(true);
    expect(touched(before, now, '/object/options/0')).toBe(false);
    expect(touched(before, now, '/object/stem')).toBe(false);
    expect(at(now, '/object/options/1')).toBe('乙');
    expect(at(now, '/nothing/here')).toBeUndefined();
  });
  it('reads lists of codes', () => expect(names('a-1、b-2, c\nd')).toEqual(['a-1', 'b-2', 'c', 'd']));
});
