// One change to many items: what is asked of the server, and how its plan is said. Pure.
import type { Id } from '../shared/api';
import { names } from './itemForm';
import type { ItemState, Law } from './types';

/** As the fields of the page hold it: empty leaves a member as it is. */
export interface BulkForm {
  levels: number[];
  directions: string[];
  every: boolean;
  first: string;
  add: string[];
  remove: string[];
  difficulty: string;
  cognitive: string;
  importance: string;
  together: boolean;
  enemiesAdd: string;
  enemiesRemove: string;
  source: string;
  law: string;
  lawVersion: string;
}
export const emptyForm = (): BulkForm => ({ levels: [], directions: [], every: false, first: '', add: [], remove: [], difficulty: '', cognitive: '', importance: '', together: false, enemiesAdd: '', enemiesRemove: '', source: '', law: '', lawVersion: '' });

export type Change = Record<string, unknown>;
export function changeOf(form: BulkForm): Change {
  const all: Change = {
    levels: form.levels,
    directions: form.every ? [] : form.directions,
    every_direction: form.every,
    first_point: form.first,
    points_add: form.add,
    points_remove: form.remove,
    difficulty: Number(form.difficulty),
    cognitive: form.cognitive,
    importance: form.importance,
    enemies_together: form.together,
    enemies_add: names(form.enemiesAdd),
    enemies_remove: names(form.enemiesRemove),
    source: form.source.trim(),
    law: form.law.trim(),
    law_version: form.lawVersion.trim(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => (Array.isArray(value) ? value.length : value)));
}

export interface Choice {
  items?: Id[];
  filter?: Record<string, string | number>;
}
const FILTERS = { programme: 'programme', kind: 'kind', area: 'area', state: 'state', q: 'search', whose: 'whose', level: 'level' } as const;
/** What the address chooses: the ticked (?items=), or everything the filters of the list find. */
export function choiceOf(query: Record<string, unknown>): Choice {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  const items = text('items').split(',').filter(Boolean);
  if (items.length) return { items };
  const filter: Record<string, string | number> = {};
  for (const [here, there] of Object.entries(FILTERS)) if (text(here)) filter[there] = here === 'level' ? Number(text(here)) : text(here);
  return { filter };
}

type Members = Record<string, unknown>;
export interface PlanLine {
  id: Id;
  code: string;
  state: ItemState;
  version: number;
  outcome: 'changes' | 'same' | 'refused';
  why?: string;
  was?: Members;
  is?: Members;
  stamps: number;
  parameters: boolean;
  law_problem?: string;
}
export interface Plan {
  digest: string;
  changes: number;
  refused: number;
  lines: PlanLine[];
}
/** Those that stay chosen when some are taken out. */
export const without = (plan: Plan, out: ReadonlySet<Id>): Choice => ({ items: plan.lines.map((line) => line.id).filter((id) => !out.has(id)) });
export const stampsOf = (plan: Plan): number => plan.lines.reduce((sum, line) => sum + line.stamps, 0);
export const measuredOf = (plan: Plan): number => plan.lines.filter((line) => line.parameters).length;

const isLaw = (value: unknown): value is Law => typeof value === 'object' && value !== null && 'version' in value;
/** A member as one reads it; `word` says what the page calls a single value. */
export function said(value: unknown, word: (value: string) => string): string {
  if (value === null || value === undefined) return '—';
  if (Array.isArray(value)) return value.map((one) => said(one, word)).join('、') || '—';
  if (isLaw(value)) return `${value.name}（${value.version}）${value.article}`;
  return word(String(value));
}
