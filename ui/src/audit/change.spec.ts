import { expect, it } from 'vitest';

import { changeLines, summary } from './change';

it('shows what changed, and leaves out what did not', () => {
  const change = { before: { state: 'open', quota: 0, policy: { fee: 1 } }, after: { state: 'closed', quota: 0, policy: { fee: 2 } }, reason: '名额已满' };
  expect(changeLines(change)).toEqual([
    { name: 'state', before: 'open', after: 'closed', fact: false },
    { name: 'policy.fee', before: '1', after: '2', fact: false },
    { name: 'reason', before: '', after: '名额已满', fact: true },
  ]);
  expect(summary({ before: null, after: { state: 'open' } })).toBe('state ∅ → open');
});

it('takes any small object', () => {
  expect(changeLines({ login: 'a', roles: ['marker'] })).toEqual([
    { name: 'login', before: '', after: 'a', fact: true },
    { name: 'roles', before: '', after: '["marker"]', fact: true },
  ]);
  expect(changeLines(null)).toEqual([]);
  expect(changeLines({})).toEqual([]);
});
