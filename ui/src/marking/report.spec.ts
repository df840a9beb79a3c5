import { describe, expect, it } from 'vitest';

import { bins, drift, standsOut, type RaterReport } from './report';

const rater = (over: Partial<RaterReport>): RaterReport => ({ rater: '0'.repeat(32), name: '甲', count: 8, shared: 8, mean: 0.6, sd: 0.1, severity: 0, severity_se: 0.01, distance: 0.05, r: 0.8, span: [null, null, null, null], logit: null, logit_se: null, infit: null, ...over });

describe('report', () => {
  it('puts every percent into a step of five', () => {
    const counts = Array.from({ length: 101 }, (_, i) => (i === 59 || i === 60 || i === 100 ? 1 : 0));
    const got = bins(counts, 0.6);
    expect(got).toHaveLength(20);
    expect(got.filter((b) => b.below + b.reached)).toEqual([{ from: 55, below: 1, reached: 0 }, { from: 60, below: 0, reached: 1 }, { from: 95, below: 0, reached: 1 }]);
  });
  it('parts a step that the pass mark lies in', () => {
    const counts = Array.from({ length: 101 }, (_, i) => (i === 61 || i === 63 ? 2 : 0));
    expect(bins(counts, 0.62)[12]).toEqual({ from: 60, below: 2, reached: 2 });
  });
  it('names who stands out only beyond error and three marks', () => {
    expect(standsOut(rater({ severity: 0.1, severity_se: 0.02 }))).toBe(true);
    expect(standsOut(rater({ severity: -0.1, severity_se: 0.08 }))).toBe(false);
    expect(standsOut(rater({ severity: 0.02, severity_se: 0.001 }))).toBe(false);
    expect(standsOut(rater({ severity: null }))).toBe(false);
  });
  it('drifts from the first to the last known quarter', () => {
    expect(drift(rater({ span: [0.1, null, 0.2, -0.1] }))).toBeCloseTo(-0.2);
    expect(drift(rater({ span: [null, 0.1, null, null] }))).toBeNull();
  });
});
