import { describe, expect, it } from 'vitest';

import { readKey, writeKey } from './keyText';

describe('a key as text', () => {
  it.each([
    ['one letter', 'A', 'b', 'B'],
    ['several', ['A', 'C'], 'ad', ['A', 'D']],
    ['several apart', ['A', 'C'], 'a，d', ['A', 'D']],
    ['yes and no', true, '错', false],
    ['a number', { value: '2', tolerance: '0', unit: '元' }, '{"value":"3","tolerance":"0","unit":"元"}', { value: '3', tolerance: '0', unit: '元' }],
  ])('reads %s', (_what, now, typed, wanted) => expect(readKey(typed, now)).toEqual(wanted));

  it.each([['A'], [['A', 'C']], [true], [{ value: '2' }]])('reads what it wrote: %j', (key) => expect(readKey(writeKey(key), key)).toEqual(key));

  it('does not guess', () => {
    expect(readKey('也许', true)).toBeUndefined();
    expect(readKey('{"value":', { value: '2' })).toBeUndefined();
    expect(readKey('  ', 'A')).toBeUndefined();
  });
});
