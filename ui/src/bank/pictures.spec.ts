import { describe, expect, it } from 'vitest';

import { anchor, corners, drawn, freeId, readCoords, shownFromBank } from './pictures';
import type { ItemPicture } from './types';

const picture = (id: string): ItemPicture => ({ id, sha256: 'ab', type: 'image/png', width: 4, height: 3, alt: id });

describe('pictures on the desk', () => {
  it('finds a name that is free', () => {
    expect(freeId([])).toBe('p1');
    expect(freeId([picture('p1'), picture('p3')])).toBe('p2');
  });
  it.each([
    ['10,20 40、50', [10, 20, 40, 50]],
    ['１０，２０', [10, 20]],
    ['10,-2', undefined],
    ['', undefined],
    ['1.5,2', undefined],
  ])('reads coordinates %s', (text, said) => expect(readCoords(text)).toEqual(said));
  it('draws a rectangle whichever corner comes first, and a circle from its middle', () => {
    expect(drawn('rect', [9, 2], [1, 7])).toEqual([1, 2, 9, 7]);
    expect(drawn('circle', [10, 10], [13, 14])).toEqual([10, 10, 5]);
    expect(drawn('circle', [10, 10], [10, 10])).toEqual([10, 10, 1]);
  });
  it('places the letters', () => {
    expect(anchor({ shape: 'rect', coords: [3, 4, 9, 9] })).toEqual([3, 4]);
    expect(anchor({ shape: 'poly', coords: [0, 0, 10, 0, 5, 9] })).toEqual([5, 3]);
    expect(corners({ shape: 'poly', coords: [0, 0, 10, 0, 5, 9] })).toBe('0,0 10,0 5,9');
  });
  it('fetches from the bank', () => expect(shownFromBank([picture('p1')])[0]?.url).toBe('/api/items/pictures/ab'));
});
