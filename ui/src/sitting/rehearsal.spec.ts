import { describe, expect, it } from 'vitest';

import { gauge, reading, reasons, type Line, type Report } from './rehearsal';

const line = (more: Partial<Line>): Line => ({ name: 'save_p99', unit: 'us', bound: 'at_most', limit: 1_000_000, value: 250_000, ok: true, ...more });

describe('a report of a rehearsal', () => {
  it('reads numbers by their unit', () => {
    expect(reading(1_950, 'us')).toBe('1.9 ms');
    expect(reading(12_340, 'us')).toBe('12.3 ms');
    expect(reading(250_000, 'us')).toBe('250 ms');
    expect(reading(3_000, 'ms')).toBe('3 s');
    expect(reading(61_250, 'ms')).toBe('61.3 s');
    expect(reading(1000, 'count')).toBe('1,000');
    expect(reading(2048, 'mib')).toBe('2,048 MiB');
    expect(reading(20_480, 'mib')).toBe('20 GiB');
    expect(reading(0, 'us')).toBe('0 ms');
  });
  it('gives what does not hold as the reasons', () => {
    const r = { limits: [line({}), line({ name: 'failed', ok: false }), line({ name: 'left_over', value: null, ok: false })] } as Report;
    expect(reasons(r).map((l) => l.name)).toEqual(['failed', 'left_over']);
  });
  it('draws a bar only where there is room to fill', () => {
    expect(gauge(line({}))).toBe(0.25);
    expect(gauge(line({ value: 2_000_000 }))).toBe(1);
    expect(gauge(line({ limit: 0 }))).toBeNull();
    expect(gauge(line({ bound: 'at_least' }))).toBeNull();
    expect(gauge(line({ value: null }))).toBeNull();
  });
});
