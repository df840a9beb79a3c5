import { expect, it } from 'vitest';

import { behind, timeline, type Stage } from './timeline';

const stage = (code: string, count: number, of: number, more: Partial<Stage> = {}): Stage => ({ code, label: code, count, of, due: null, due_note: null, late: false, ...more });
const batch = { id: 'b', state: 'closed' as const, apply_until_ms: Date.UTC(2026, 9, 16) };
const now = Date.UTC(2026, 10, 21, 4);

it('says what is done, late, and whose turn it is', () => {
  const line = timeline(
    [stage('applied', 320, 320), stage('reviewed', 320, 320), stage('sat', 298, 306, { due: '2026-11-14' }), stage('marked', 241, 306, { due: '2026-11-20', late: true }), stage('published', 0, 306, { due: '2027-01-08' }), stage('archived', 0, 306)],
    batch,
    now,
  );
  expect(line.map((s) => s.state)).toEqual(['done', 'done', 'here', 'late', 'here', 'todo']);
  expect(line[3]).toMatchObject({ lateDays: 1, dueText: '11-20', turn: 'marker', left: 57, to: '/marking?batch=b' });
  expect(line[4]).toMatchObject({ dueText: '2027-01-08', left: 241 });
  expect(line[5]?.turn).toBe('');
});

it('keeps the application stage open until the window closes', () => {
  const open = timeline([stage('applied', 3, 3), stage('reviewed', 0, 3)], { ...batch, state: 'open', apply_until_ms: now + 1 }, now);
  expect(open.map((s) => s.state)).toEqual(['here', 'here']);
  expect(open[0]?.turn).toBe('candidate');
  expect(behind(open)).toBe(0.5);
});

it('is behind us wholly when everything is done', () => {
  expect(behind(timeline([stage('applied', 3, 3), stage('reviewed', 3, 3)], batch, now))).toBe(1);
});

it('names the year whose calendar is missing', () => {
  const [one] = timeline([stage('marked', 0, 3, { due_note: '期限待定：2027 年的节假日安排尚未载入。' })], batch, now);
  expect(one?.dueYear).toBe('2027');
});

it('waits for the certificates of those who passed, and files everybody', () => {
  const line = timeline([stage('applied', 3, 3), stage('reviewed', 3, 3), stage('published', 3, 3), stage('issued', 1, 2), stage('archived', 0, 3)], batch, now);
  expect(line.map((s) => s.state)).toEqual(['done', 'done', 'done', 'here', 'here']);
  expect(line.map((s) => s.left)).toEqual([0, 0, 0, 1, 2]);
  const nobody = timeline([stage('applied', 1, 1), stage('reviewed', 1, 1), stage('published', 1, 1), stage('issued', 0, 0), stage('archived', 0, 1)], batch, now);
  expect(nobody.map((s) => s.state)).toEqual(['done', 'done', 'done', 'done', 'here']);
});
