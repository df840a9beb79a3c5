import { expect, it } from 'vitest';

import { summarise } from './portalJudge';
import type { Clause, Eligibility, Verdict } from './portalTypes';

const clause = (no: string, verdict: Verdict): Clause => ({ no, id: `E${no}`, text: '', verdict, because: [], missing: [] });
const list = (verdict: Verdict, ...clauses: Clause[]): Eligibility => ({ verdict, programme: 'p', level: 3, direction: null, as_of: '2026-11-21', clauses });

it.each([
  ['met', ['2'], list('met', clause('1', 'not_met'), clause('2', 'met')), list('met', clause('1', 'met'), clause('2', 'met'))],
  ['likely', ['5'], list('unknown', clause('5', 'unknown'), clause('6', 'unknown')), list('met', clause('5', 'met'), clause('6', 'unknown'))],
  ['review', ['6'], list('unknown', clause('5', 'not_met'), clause('6', 'unknown')), list('unknown', clause('5', 'not_met'), clause('6', 'unknown'))],
  ['not_met', [], list('not_met', clause('1', 'not_met')), list('not_met', clause('1', 'not_met'))],
  ['free', [], list('met'), list('met')],
] as const)('headline %s', (headline, numbers, now, assumed) => {
  const judged = summarise(now, assumed);
  expect(judged.headline).toBe(headline);
  expect(judged.numbers).toEqual(numbers);
});
