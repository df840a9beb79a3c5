import { expect, it } from 'vitest';

import { choose } from './accounts';

it('keeps apart the roles that stand alone', () => {
  expect(choose(['marker'], 'examiner')).toEqual(['marker', 'examiner']);
  expect(choose(['marker', 'examiner'], 'audit_admin')).toEqual(['audit_admin']);
  expect(choose(['audit_admin'], 'marker')).toEqual(['marker']);
  expect(choose(['marker'], 'marker')).toEqual([]);
});
