import { describe, expect, it } from 'vitest';

import { countStates, nextSheet, openRefusals, press, scanType, viewBox, type ScanAttempt, type ScanRefusal } from './scans';

const options = ['A', 'B', 'C', 'D'].map((id) => ({ id, text: id }));

describe('keys', () => {
  it('chooses one', () => {
    expect(press({ n: 1, kind: 'single', options }, 'A', '3')).toBe('C');
    expect(press({ n: 1, kind: 'single', options }, 'A', '5')).toBeUndefined();
  });
  it('switches several', () => {
    expect(press({ n: 1, kind: 'multiple', options }, 'AC', '2')).toBe('ABC');
    expect(press({ n: 1, kind: 'multiple', options }, 'AC', '3')).toBe('A');
  });
  it('says true or false, and leaves writing alone', () => {
    expect(press({ n: 1, kind: 'true_false' }, '', '2')).toBe('错');
    expect(press({ n: 1, kind: 'numeric' }, '', '2')).toBeUndefined();
  });
});

it('shows a little around a place', () => {
  expect(viewBox({ x: 20, y: 62, width: 56.7, height: 6.6 })).toBe('18.5 60.5 59.7 9.6');
});

it('names files by their end', () => {
  expect(scanType('Scan 001.TIF')).toBe('image/tiff');
  expect(scanType('x')).toBe('application/octet-stream');
});

const sheet = (attempt: string, more: Partial<ScanAttempt>): ScanAttempt => ({ attempt, room: '一', seat: 1, ticket: attempt, pages: 2, pages_read: 2, doubtful: 0, widened: false, may_check: false, state: 'done', ...more });
const sheets = [sheet('a', { state: 'doubtful', doubtful: 1 }), sheet('b', { state: 'check', may_check: true }), sheet('c', { state: 'doubtful', doubtful: 3 }), sheet('d', { state: 'incomplete', pages_read: 1 })];

it('counts the sheets of each state, those that nobody is in too', () => {
  expect(countStates(sheets)).toEqual({ none: 0, incomplete: 1, doubtful: 2, check: 1, typing: 0, done: 0 });
});

it('goes on to the next sheet, around the end, and never to the same', () => {
  expect(nextSheet(sheets, 'a', false)?.attempt).toBe('c');
  expect(nextSheet(sheets, 'c', false)?.attempt).toBe('a');
  expect(nextSheet(sheets, 'd', true)?.attempt).toBe('b');
  expect(nextSheet(sheets, 'b', true)).toBeUndefined();
  expect(nextSheet(sheets.slice(0, 1), 'a', false)).toBeUndefined();
});

it('leaves out what was made good since', () => {
  const page = (id: string, attempt?: string): ScanRefusal => ({ id, file: 'f', no: 1, at_ms: 0, page: 1, why: '', ...(attempt ? { attempt } : {}) });
  const refused = [page('1'), page('2', 'a'), page('3', 'd'), { ...page('4'), aside: '说明书' }];
  expect(openRefusals({ attempts: sheets, refused }).map((one) => one.id)).toEqual(['1', '3']);
});
