import { describe, expect, it } from 'vitest';

import { shown, typed, type Place } from './typed';

const options = ['A', 'B', 'C', 'D'].map((id) => ({ id, text: id }));
const place = (kind: string, more: Partial<Place> = {}): Place => ({ n: 1, kind, options, ...more });

describe('what a typist types', () => {
  it.each<[string, Place, string, unknown]>([
    ['one letter', place('single'), 'b', ['B']],
    ['full-width letters', place('multiple'), 'ＡＣ', ['A', 'C']],
    ['letters with marks', place('multiple'), 'a、d', ['A', 'D']],
    ['an order', place('ordering'), 'dbca', ['D', 'B', 'C', 'A']],
    ['a point', place('hotspot'), '（150，80）', [150, 80]],
    ['a point, bare', place('hotspot'), '150 80', [150, 80]],
    ['a match with a gap', place('matching', { premises: ['1', '2', '3'] }), 'b-a', ['B', null, 'A']],
    ['yes', place('true_false'), '对', true],
    ['no', place('true_false'), 'x', false],
    ['a number', place('numeric'), '１２.5', '12.5'],
    ['gaps', place('blank', { gaps: 2 }), '点击率；2%', ['点击率', '2%']],
    ['nothing', place('single'), '  ', null],
  ])('reads %s', (_what, at, text, wanted) => {
    expect(typed(at, text)).toEqual(wanted);
    if (wanted !== null) expect(typed(at, shown(at, wanted))).toEqual(wanted);
  });

  it.each<[string, Place, string]>([
    ['a letter that is not printed', place('single'), 'E'],
    ['two letters for one', place('single'), 'AB'],
    ['a letter twice', place('multiple'), 'AA'],
    ['half a point', place('hotspot'), '150'],
    ['too few matches', place('matching', { premises: ['1', '2'] }), 'A'],
    ['neither yes nor no', place('true_false'), '也许'],
    ['too many gaps', place('blank', { gaps: 1 }), 'a；b'],
  ])('refuses %s', (_what, at, text) => expect(typed(at, text)).toBeUndefined());
});
