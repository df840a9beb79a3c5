import { expect, it } from 'vitest';

import { body, emptyPolicy, instant, readInstant, readPolicy, wrong, type BatchValues } from './batchForm';

const values = (more: Partial<BatchValues> = {}): BatchValues => ({
  title: ' 第一批 ',
  programme: 'national-2023',
  apply_from: '2026-11-21',
  apply_until: '2026-11-30 17:00',
  exam_from: '2026-12-12',
  exam_until: '2026-12-13',
  quota: '',
  levels: [
    { level: 4, on: true, quota: '120' },
    { level: 3, on: false, quota: 'x' },
  ],
  policy: { ...emptyPolicy(), fee_fen: '260.5', max_resits: '-1' },
  waits: false,
  ...more,
});

it('reads and writes an instant of Shanghai', () => {
  expect(readInstant('2026-11-21 08:00')).toBe(Date.UTC(2026, 10, 21));
  expect(instant(Date.UTC(2026, 10, 21))).toBe('2026-11-21 08:00');
  expect(instant(readInstant('2026-11-21') ?? 0)).toBe('2026-11-21 00:00');
  expect(instant(readInstant('2026-11-21', 'ends') ?? 0)).toBe('2026-11-21 23:59');
  expect(instant(readInstant('2026-11-21 08:00', 'ends') ?? 0)).toBe('2026-11-21 08:00');
  for (const text of ['2026-02-30', '2026-11-21 25:00', '2026-11-21 24:01', '11-21', '']) expect(readInstant(text)).toBeUndefined();
});

it('sends only what is filled in', () => {
  expect(wrong(values())).toEqual([]);
  expect(body(values())).toEqual({
    title: '第一批',
    programme: 'national-2023',
    apply_from_ms: Date.UTC(2026, 10, 20, 16),
    apply_until_ms: Date.UTC(2026, 10, 30, 9),
    exam_from: '2026-12-12',
    exam_until: '2026-12-13',
    levels: [{ level: 4, quota: 120 }],
    policy: { fee_fen: 26050, max_resits: -1 },
  });
});

it('names what is no number and no day', () => {
  expect(wrong(values({ exam_from: '12-12', quota: 'viele', levels: [], policy: { ...emptyPolicy(), fee_fen: '1.234' } }))).toEqual(['/exam_from', '/quota', '/levels', '/policy/fee_fen']);
  expect(readPolicy('ticket_days', '3.5')).toBeNaN();
});
