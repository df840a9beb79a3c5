import { describe, expect, it } from 'vitest';

import * as f from './format';

const ms = Date.UTC(2026, 10, 24, 9, 0, 7); // 17:00:07 in Shanghai

describe('dates and times are those of Shanghai', () => {
  it.each([
    [f.day(ms), '2026-11-24'],
    [f.day(Date.UTC(2026, 11, 31, 16)), '2027-01-01'],
    [f.monthDay(ms), '11-24'],
    [f.time(ms), '17:00'],
    [f.seconds(ms), '17:00:07'],
    [f.dayTime(ms), '2026-11-24 17:00'],
    [f.plainDayTime(ms), '11月24日 17:00'],
    [f.plainDay(ms, 'en'), '24 Nov'],
    [f.weekday(ms), '周二'],
    [f.plainSpan(ms, ms + 7_200_000), '11月24日 周二 17:00–19:00'],
    [f.plainSpan(ms, ms + 86_400_000), '11月24日 周二 17:00 – 11月25日 17:00'],
    [f.duration(4_920_000), '1 小时 22 分'],
    [f.duration(3_600_000, 'en'), '1 h'],
    [f.duration(30_900), '30 秒'],
  ])('%s', (shown, expected) => expect(shown).toBe(expected));

  it('counts calendar days, not spans of 24 hours', () => {
    const evening = Date.UTC(2026, 10, 23, 15, 59);
    expect(f.daysUntil(ms, evening)).toBe(1);
    expect(f.daysUntil(ms, ms)).toBe(0);
    expect(f.daysUntil(evening, ms)).toBe(-1);
  });

  it('reads back only real days', () => {
    expect(f.readDay('2026-11-24')).toBe(Date.UTC(2026, 10, 23, 16));
    for (const wrong of ['2026-02-30', '2026-2-3', '', '24.11.2026']) expect(f.readDay(wrong)).toBeUndefined();
  });
});

describe('numbers', () => {
  it.each([
    [f.marks(78_000), '78'],
    [f.marks(78_500), '78.5'],
    [f.marks(-250), '−0.25'],
    [f.marks(0), '0'],
    [f.yuan(128_000), '1,280.00'],
    [f.yuan(-5), '−0.05'],
    [f.count(1842), '1,842'],
    [f.count(-1_000_000), '−1,000,000'],
    [f.percent(0.0014, 2), '0.14 %'],
    [f.bytes(0), '0 KiB'],
    [f.bytes(1), '1 KiB'],
    [f.bytes(340 * 1024), '340 KiB'],
    [f.bytes(2.5 * 1024 * 1024), '2.5 MiB'],
    [f.bytes(3 * 1024 ** 3), '3.0 GiB'],
  ])('%s', (shown, expected) => expect(shown).toBe(expected));

  it.each([
    ['78.5', 78_500],
    ['−0.25', -250],
    ['0', 0],
    ['1.2345', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('reads a mark: %s', (text, expected) => expect(f.readMarks(text)).toBe(expected));
});

it('masks', () => {
  expect(f.maskId('440106199003073821')).toBe('440106********3821');
  expect(f.maskId('E1234')).toBe('*****');
  expect(f.maskPhone('13812345678')).toBe('138****5678');
  expect(f.maskName('苏晚晴')).toBe('苏**');
});
