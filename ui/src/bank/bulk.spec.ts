// @vitest-environment node
import { expect, it } from 'vitest';

import { changeOf, choiceOf, emptyForm, measuredOf, said, stampsOf, without, type Plan, type PlanLine } from './bulk';

it('asks only for what was filled in', () => {
  expect(changeOf(emptyForm())).toEqual({});
  expect(changeOf({ ...emptyForm(), difficulty: '4', enemiesAdd: 'n-1、n-2', every: true, directions: ['A'], law: ' 广告法 ', lawVersion: '2021-04-29' })).toEqual({
    difficulty: 4,
    every_direction: true,
    enemies_add: ['n-1', 'n-2'],
    law: '广告法',
    law_version: '2021-04-29',
  });
});

it('takes the ticked items, else the filters of the list', () => {
  expect(choiceOf({ items: 'a,b', state: 'live' })).toEqual({ items: ['a', 'b'] });
  expect(choiceOf({ q: 'n3', level: '4', state: 'live', page: '2' })).toEqual({ filter: { search: 'n3', level: 4, state: 'live' } });
});

const line = (id: string, more: Partial<PlanLine>): PlanLine => ({ id, code: id, state: 'live', version: 1, outcome: 'changes', stamps: 0, parameters: false, ...more });
it('adds up what the change costs, and leaves out what is taken out', () => {
  const plan: Plan = { digest: '', changes: 2, refused: 0, lines: [line('a', { stamps: 3, parameters: true }), line('b', { stamps: 2 })] };
  expect(stampsOf(plan)).toBe(5);
  expect(measuredOf(plan)).toBe(1);
  expect(without(plan, new Set(['a']))).toEqual({ items: ['b'] });
});

it('says lists, laws and nothing', () => {
  const word = (value: string) => `<${value}>`;
  expect(said(['A', 'B'], word)).toBe('<A>、<B>');
  expect(said([], word)).toBe('—');
  expect(said(null, word)).toBe('—');
  expect(said([{ name: '广告法', version: '2021-04-29', article: '9' }], word)).toBe('广告法（2021-04-29）9');
});
