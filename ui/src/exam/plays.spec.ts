// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { playKey, playsOf } from './plays';

describe('plays begun', () => {
  it('are those of the server on a machine that knows of none', () => {
    expect(playsOf(undefined, [{ item: 3, media: 'a1', begun: 2 }])).toEqual({ '3/a1': 2 });
    expect(playsOf({}, undefined)).toEqual({});
  });
  it('are not given back by a server that has not heard of the last one, nor by a machine that has not', () => {
    const here = { [playKey(3, 'a1')]: 2, [playKey(4, 'a1')]: 1 };
    expect(playsOf(here, [{ item: 3, media: 'a1', begun: 1 }, { item: 4, media: 'a1', begun: 3 }, { item: 4, media: 'b', begun: 1 }])).toEqual({ '3/a1': 2, '4/a1': 3, '4/b': 1 });
    expect(here).toEqual({ '3/a1': 2, '4/a1': 1 });
  });
});
