import { expect, it } from 'vitest';

import { safeNext } from './face';

it.each([
  ['/batches?q=1', '/batches?q=1'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  [undefined, '/'],
  [['/a'], '/'],
])('goes on only inside this face: %s', (next, expected) => expect(safeNext(next)).toBe(expected));
