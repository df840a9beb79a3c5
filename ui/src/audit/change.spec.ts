import { expect, it } from 'vitest';

import { changeLines, summary, type Words } from './change';

const known: Record<string, string> = { state: '状态', reason: '理由', open: '报名开放', closed: '报名截止' };
const words: Words = { name: (key) => known[key] ?? key, value: (_, value) => known[String(value)] ?? String(value) };

it('shows what changed in words, and leaves out what did not', () => {
  const change = { before: { state: 'open', quota: 0, policy: { fee: 1 } }, after: { state: 'closed', quota: 0, policy: { fee: 2 } }, reason: '名额已满' };
  expect(changeLines(change, words)).toEqual([
    { name: '状态', before: '报名开放', after: '报名截止', fact: false },
    { name: 'policy·fee', before: '1', after: '2', fact: false },
    { name: '理由', before: '', after: '名额已满', fact: true },
  ]);
  expect(summary({ before: null, after: { state: 'open' } }, words, '无')).toBe('状态 无 → 报名开放');
});

it('takes any small object, and shortens an id in the list', () => {
  expect(changeLines({ login: 'a', roles: ['marker', 'state'] }, words)).toEqual([
    { name: 'login', before: '', after: 'a', fact: true },
    { name: 'roles', before: '', after: 'marker、状态', fact: true },
  ]);
  expect(changeLines({ detail: [{ state: 'open', reason: null, n: 2 }, 3] }, words)).toEqual([{ name: 'detail', before: '', after: '状态 报名开放，n 2、3', fact: true }]);
  expect(summary({ person: '0123456789abcdef0123456789abcdef' }, words, '无')).toBe('person 01234567…');
  expect(changeLines(null, words)).toEqual([]);
  expect(changeLines({}, words)).toEqual([]);
});
