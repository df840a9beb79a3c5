import { expect, it } from 'vitest';

import { fileType } from './fileType';
import { nextOf, previousOf } from './queue';

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
