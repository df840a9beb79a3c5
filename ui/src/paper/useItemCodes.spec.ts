import { describe, expect, it } from 'vitest';

import { codesOf } from './useItemCodes';

describe('codes of items in a line', () => {
  it('by spaces and commas of both kinds', () => expect(codesOf(' a-1, a-2，a-3、a-4\n')).toEqual(['a-1', 'a-2', 'a-3', 'a-4']));
  it('each once', () => expect(codesOf('a-1 a-1')).toEqual(['a-1']));
  it('none', () => expect(codesOf('  ')).toEqual([]));
});
