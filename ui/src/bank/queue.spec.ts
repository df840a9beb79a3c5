import { expect, it } from 'vitest';

import { fileType } from './fileType';
import { nextOf, previousOf, proofReads } from './queue';
import type { Review } from './types';

it('a queue goes on and back, and starts anew where an item left it', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  expect(nextOf(rows, 'a')?.id).toBe('b');
  expect(nextOf(rows, 'c')).toBeUndefined();
  expect(nextOf(rows, 'x')?.id).toBe('a');
  expect(previousOf(rows, 'a')?.id).toBe('a');
  expect(previousOf(rows, 'c')?.id).toBe('b');
  expect(previousOf(rows, 'x')).toBeUndefined();
});
it('a file is sent as what it is', () => {
  expect(fileType('题库.XLSX')).toContain('spreadsheetml');
  expect(fileType('a.csv')).toBe('text/csv');
  expect(fileType('a.jsonl')).toBe('application/x-ndjson');
});

it('who speaks after two approvals is the proof-reader', () => {
  const review = (at_ms: number, verdict: Review['verdict']): Review => ({ version: 1, reviewer: String(at_ms), mine: false, verdict, note: '', at_ms });
  const passed = [review(3, 'approve'), review(1, 'approve'), review(2, 'approve')];
  expect(passed.map((r) => proofReads(passed, r))).toEqual([true, false, false]);
  const returned = [review(1, 'approve'), review(2, 'return')];
  expect(returned.map((r) => proofReads(returned, r))).toEqual([false, false]);
  const sentBack = [review(1, 'approve'), review(2, 'approve'), review(3, 'return')];
  expect(sentBack.map((r) => proofReads(sentBack, r))).toEqual([false, false, true]);
});
