import { expect, it } from 'vitest';

import type { Evidence } from './portalTypes';
import { actsFor, describe, neighbours, queueOf, queuePath, shownFacts } from './review';

const file = (id: string, kind: string, fact: string): Evidence => ({ id, kind, fact, name: `${id}.jpg`, media_type: 'image/jpeg', size: 1, at_ms: 0 });

it('puts each file beside the fact it speaks for', () => {
  const stored = { work: [{ id: 'w1', occupation: '电子商务师', from: '2020-03-01', evidence: 'proved' }, { id: 'w2', occupation: '营销员', from: '2018-01-01' }], education: [{ institution: 'technician_college' }] };
  const { facts, others } = shownFacts(stored, [file('a', 'work', 'w2'), file('b', 'education', ''), file('c', 'work', ''), file('d', 'document', '')]);
  expect(facts.map((f) => [f.pointer, f.proved, f.files.map((e) => e.id)])).toEqual([
    ['/work/0', true, []],
    ['/work/1', false, ['a']],
    ['/education/0', false, ['b']],
  ]);
  expect(others.map((e) => e.id)).toEqual(['c', 'd']);
});

it('says a fact in a line', () => {
  const say = (key: string) => key.replace('entry.fact.', '');
  expect(describe(say, 'work', { occupation: '营销员', name: '某公司', from: '2020-03-01' })).toEqual({ title: '营销员', rest: ['某公司', '2020-03-01 – still'] });
  expect(describe(say, 'certificates', { occupation: '营销员', scheme: 'ccia', grade: 'junior', issued: '2021-01-01' }).title).toBe('营销员 rank.ccia_junior');
});

it('walks along the queue, also when the one in hand has left it', () => {
  expect(neighbours(['a', 'b', 'c'], 'b')).toEqual({ at: 1, previous: 'a', next: 'c' });
  expect(neighbours(['a', 'c'], 'b', 1)).toEqual({ at: -1, previous: 'a', next: 'c' });
  expect(neighbours([], 'b')).toEqual({ at: -1, next: undefined });
  expect(queuePath(queueOf({ batch: 'x', state: 'submitted', page: '3' }))).toBe('/api/batches/x/entries?state=submitted&limit=200&offset=25');
});

it('offers only what the state allows', () => {
  expect(actsFor('submitted')).toEqual(['accept', 'return', 'refuse']);
  expect(actsFor('accepted')).toEqual(['return']);
  expect(actsFor('draft')).toEqual([]);
});
