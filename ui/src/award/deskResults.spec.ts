import { expect, it } from 'vitest';

import { distribution, summary, type Result } from './deskResults';

const result = (millimarks: number, passed: boolean): Result => ({ entry: 'e', name: '', component: 'theory', version: 1, level: 3, direction: 'C', kind: 'mark', millimarks, full: 100_000, pass: 60_000, passed, areas: null, reason: null, published_ms: 0 });

it('puts every mark into one bin, the full one into the last', () => {
  const bins = distribution([result(0, false), result(59_999, false), result(60_000, true), result(100_000, true)]);
  expect(bins).toHaveLength(20);
  expect(bins[0]).toEqual({ from: 0, to: 5000, passed: 0, failed: 1 });
  expect(bins[11]?.failed).toBe(1);
  expect(bins[12]?.passed).toBe(1);
  expect(bins[19]?.passed).toBe(1);
  expect(bins.reduce((n, b) => n + b.passed + b.failed, 0)).toBe(4);
  expect(distribution([{ ...result(0, false), kind: 'absent' }]).reduce((n, b) => n + b.failed, 0)).toBe(0);
  expect(distribution([])).toEqual([]);
});

it('knows the middle', () => {
  expect(summary([result(3, false), result(1, false), result(8, true)])).toEqual({ count: 3, passed: 1, median: 3 });
  expect(summary([result(4, false), result(1, false)]).median).toBe(3);
  expect(summary([]).median).toBeUndefined();
});
