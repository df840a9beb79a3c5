// Reviewing one application: facts with their proofs, what a registrar may set, the queue. Pure
// but for the two calls at the end.
import { api, url, withQuery, type Id } from '../shared/api';
import { rankOf } from './portalFactForm';
import { EVIDENCE_KIND, FACT_LISTS, factId, readFacts, type Fact, type FactList } from './portalFacts';
import type { Entry, EntryReply, Evidence } from './portalTypes';

export type DeskEntryReply = EntryReply & { entry: Entry & { person: Id }; person: EntryReply['person'] & { id: Id } };

export interface ShownFact {
  /** "/work/0" */
  pointer: string;
  list: FactList;
  fact: Fact;
  proved: boolean;
  files: Evidence[];
}

/** Facts in the order of the form, each with the files that speak for it, and the rest of the files. */
export function shownFacts(stored: unknown, evidence: Evidence[]): { facts: ShownFact[]; others: Evidence[] } {
  const all = readFacts(stored);
  const facts = FACT_LISTS.flatMap((list) =>
    all[list].map((fact, i): ShownFact => {
      const pointer = `/${list}/${i}`;
      const sole = all[list].length === 1;
      return {
        pointer,
        list,
        fact,
        proved: fact['evidence'] === 'proved',
        files: evidence.filter((e) => (e.fact && e.fact === factId(fact)) || (!e.fact && sole && e.kind === EVIDENCE_KIND[list])),
      };
    }),
  );
  const used = new Set(facts.flatMap((f) => f.files.map((e) => e.id)));
  return { facts, others: evidence.filter((e) => !used.has(e.id)) };
}

/** Scopes a registrar may set; only work and certificates have one. */
export const SCOPES: Partial<Record<FactList, string[]>> = { work: ['own', 'related', 'related_field', 'other'], certificates: ['own', 'related', 'other'] };

type Say = (key: string) => string;
/** First line and the rest of a fact, in words. `say` has entry.fact.*. */
export function describe(say: Say, list: FactList, fact: Fact): { title: string; rest: string[] } {
  const raw = (key: string) => String(fact[key] ?? '').trim();
  const word = (key: string) => (raw(key) ? say(`entry.fact.${key}.${raw(key)}`) : '');
  const keep = (...parts: string[]) => parts.filter(Boolean);
  const span = `${raw('from') || '?'} – ${raw('to') || say('entry.fact.still')}`;
  if (list === 'work') return { title: raw('occupation') || word('scope'), rest: keep(raw('name'), span) };
  if (list === 'certificates') {
    const rank = rankOf(fact);
    return { title: keep(raw('occupation') || word('scope'), rank ? say(`entry.fact.rank.${rank.replace(':', '_')}`) : '').join(' '), rest: keep(raw('issued')) };
  }
  if (list === 'titles') return { title: raw('name') || (raw('rank') ? say(`entry.fact.title.${raw('rank')}`) : ''), rest: keep(raw('rank') ? say(`entry.fact.title.${raw('rank')}`) : '', word('specialty'), raw('awarded')) };
  return { title: raw('name') || word('institution') || word('attainment'), rest: keep(raw('name') ? word('institution') : '', word('class'), word('attainment'), raw('major'), word('status'), raw('date'), fact['evaluated'] ? say('entry.fact.evaluated') : '') };
}

/** The queue a reviewer walks along: the list with the filters of the address. */
export interface Queue {
  batch: string;
  state: string;
  q: string;
  page: number;
}
export function queueOf(query: Record<string, unknown>): Queue {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  return { batch: text('batch'), state: text('state'), q: text('q'), page: Math.max(1, Math.trunc(Number(text('page'))) || 1) };
}

const SIZE = 50; // of a page of the list
const AROUND = 75;
export const queuePath = (queue: Queue): string =>
  withQuery(url`/api/batches/${queue.batch}/entries`, { state: queue.state, q: queue.q, limit: 200, offset: Math.max(0, (queue.page - 1) * SIZE - AROUND) });

/** Before and after `id`; after it has left the queue, its old place counts. */
export function neighbours(ids: Id[], id: Id, place = -1): { at: number; previous?: Id; next?: Id } {
  const at = ids.indexOf(id);
  if (at >= 0) return { at, previous: ids[at - 1], next: ids[at + 1] };
  return place >= 0 ? { at: -1, previous: ids[place - 1], next: ids[place] } : { at: -1, next: ids[0] };
}

export interface Ruling {
  fact: string;
  evidence?: 'proved' | 'claimed';
  scope?: string;
}
export const rule = (id: Id, version: number, rulings: Ruling[], reason = '') => api<DeskEntryReply>('PATCH', url`/api/entries/${id}/facts`, { version, rulings, ...(reason ? { reason } : {}) });

export type Act = 'accept' | 'return' | 'refuse';
export const decide = (id: Id, act: Act, version: number, reason: string) => api<DeskEntryReply>('POST', url`/api/entries/${id}/${act}`, { version, ...(reason ? { reason } : {}) });

/** Which acts the state allows. */
export const actsFor = (state: Entry['state']): Act[] => (state === 'submitted' ? ['accept', 'return', 'refuse'] : state === 'accepted' ? ['return'] : []);
