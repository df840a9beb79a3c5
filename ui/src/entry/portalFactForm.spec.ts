import { expect, it } from 'vitest';

import { FACT_FIELDS, RANKS, rankMembers, rankOf } from './portalFactForm';

it.each(RANKS)('rank %s goes into a certificate and comes out again', (rank) => {
  expect(rankOf(rankMembers(rank))).toBe(rank);
});

it('asks for a class only at technical schools', () => {
  const field = FACT_FIELDS.education.find((f) => f.key === 'class');
  expect(field?.when?.({ institution: 'technician_college' })).toBe(true);
  expect(field?.when?.({ institution: 'higher_vocational_college' })).toBe(false);
});
