import { describe, expect, it } from 'vitest';

import { press, scanType, viewBox } from './scans';

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
