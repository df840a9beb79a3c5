import { describe, expect, it } from 'vitest';

import { readTime, readWhen } from './when';

describe('a start', () => {
  it.each([
    ['09:30', 570],
    ['9：05', 545],
    ['23:59', 1439],
    ['24:00', undefined],
    ['10:60', undefined],
    ['10', undefined],
  ])('reads %s', (text, minutes) => expect(readTime(text)).toBe(minutes));

  it('is an instant of Shanghai', () => {
    expect(readWhen('2026-11-28', '09:30')).toBe(Date.UTC(2026, 10, 28, 1, 30));
    expect(readWhen('2026-02-30', '09:30')).toBeUndefined();
    expect(readWhen('2026-11-28', '')).toBeUndefined();
  });
});
