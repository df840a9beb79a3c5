import { describe, expect, it } from 'vitest';

import { nextUnrated, percentOf, rated, width, type CutItem } from './cut';

const item = (n: number, own: (number | null)[], spread: number[][] = [[], []]): CutItem => ({ n, code: `c-${n}`, millimarks: 1000, share: null, answered: 0, own, spread, mean: [] });

describe('a panel', () => {
  it('takes whole per cents only', () => {
    expect([percentOf('0'), percentOf(' 7 '), percentOf('100')]).toEqual([0, 7, 100]);
    expect(['', '101', '07', '5.5', '-1', '六十'].map(percentOf)).toEqual(Array(6).fill(undefined));
  });
  it('finds what is still to be rated, round the end', () => {
    const items = [item(1, [null, null]), item(2, [50, null]), item(3, [0, null])];
    expect(nextUnrated(items, 1, 1)).toBe(0);
    expect(nextUnrated(items, 2, 2)).toBe(2);
    expect(nextUnrated([item(1, [0, 0])], 2, 0)).toBe(-1);
    expect(rated(items, 1)).toBe(2);
  });
  it('measures how far the ratings lie apart', () => {
    expect(width(item(1, [], [[20, 60, 80], []]))).toBe(60);
    expect(width(item(1, [], [[20, 80], [50, 55]]))).toBe(5);
    expect(width(item(1, []))).toBe(0);
  });
});
