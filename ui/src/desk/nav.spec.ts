import { expect, it } from 'vitest';

import { isAt, isFor, nav } from './nav';

const doors = (...roles: string[]) => nav.filter((item) => isFor(item, roles) && isAt(item, false)).map((item) => item.key);

it('shows each role the doors behind which it has work', () => {
  expect(doors('security_admin')).toEqual(['accounts', 'programmes']);
  expect(doors('audit_admin')).toEqual(['archive', 'audit', 'programmes']);
  expect(doors('invigilator')).toEqual(['sessions', 'rooms', 'programmes']);
  expect(doors('quality_supervisor')).toContain('rooms');
  expect(doors('registrar')).not.toContain('accounts');
  expect(doors()).toEqual(['programmes']);
});

it('shows on a room node what is done there', () => {
  const there = nav.filter((item) => isFor(item, ['invigilator', 'registrar']) && isAt(item, true)).map((item) => item.key);
  expect(there).toEqual(['here', 'rooms']);
});
