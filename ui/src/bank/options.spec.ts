import { describe, expect, it } from 'vitest';

import { pasted, toggled, withoutOption } from './options';

describe('options', () => {
  it('keep their key when one is taken away', () => {
    expect(withoutOption(['a', 'b', 'c', 'd'], 'C', 0)).toEqual({ options: ['b', 'c', 'd'], key: 'B' });
    expect(withoutOption(['a', 'b', 'c'], 'B', 1)).toEqual({ options: ['a', 'c'], key: '' });
    expect(withoutOption(['a', 'b', 'c'], 'A', 2)).toEqual({ options: ['a', 'b'], key: 'A' });
    expect(withoutOption(['a', 'b', 'c', 'd'], ['A', 'B', 'D'], 1)).toEqual({ options: ['a', 'c', 'd'], key: ['A', 'C'] });
  });
  it('are marked in order', () => {
    expect(toggled(['C'], 'A')).toEqual(['A', 'C']);
    expect(toggled(['A', 'C'], 'A')).toEqual(['C']);
    expect(toggled(undefined, 'B')).toEqual(['B']);
  });
  it('come apart when pasted at once', () => {
    expect(pasted('A. 甲\nB、乙\n\nC）丙')).toEqual(['甲', '乙', '丙']);
    expect(pasted('甲\n乙')).toBeUndefined();
    expect(pasted('A. 甲')).toBeUndefined();
    expect(pasted('B. 甲\nA. 乙')).toBeUndefined();
  });
});
