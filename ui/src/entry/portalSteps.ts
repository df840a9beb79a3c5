// The steps of an application's form, and what they share.
import { inject, type InjectionKey } from 'vue';

import type { useConsents } from './portalConsents';
import type { Draft } from './portalDraft';

export const STEPS = ['consent', 'person', 'photo', 'facts', 'files', 'submit'] as const;
export type Step = (typeof STEPS)[number];

export const DRAFT: InjectionKey<Draft> = Symbol('draft');
export const CONSENTS: InjectionKey<ReturnType<typeof useConsents>> = Symbol('consents');

export function use<T>(key: InjectionKey<T>): T {
  const value = inject(key);
  if (!value) throw new Error('a step outside of its application');
  return value;
}

/** The step on which an objection of the server can be answered. */
export function stepOf(field: string): Step | undefined {
  if (field.startsWith('/person')) return 'person';
  if (field.startsWith('/consent')) return 'consent';
  if (field.startsWith('/photo')) return 'photo';
  if (/^\/(facts|work|certificates|titles|education|level|direction)/.test(field)) return 'facts';
  return undefined;
}
