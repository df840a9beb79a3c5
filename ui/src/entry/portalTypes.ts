// What the server says about batches and applications (src/web/entry.c, batch.c).
import type { Fen, Id, Ms } from '../shared/api';

export interface Direction {
  id: string;
  name: string;
}

export interface BatchLevel {
  level: number;
  name: string | null;
  quota: number;
  taken: number;
  directions: Direction[];
}

export interface Batch {
  id: Id;
  title: string;
  programme: string;
  programme_title: string | null;
  state: 'open' | 'closed' | 'archived' | 'cancelled';
  state_label: string;
  apply_from_ms: Ms;
  apply_until_ms: Ms;
  exam_from: string | null;
  exam_until: string | null;
  quota: number;
  taken: number;
  levels: BatchLevel[];
  policy: { fee_fen: Fen; ticket_days: number; late_minutes: number; recheck_days: number };
}

export type EntryState = 'draft' | 'submitted' | 'returned' | 'accepted' | 'refused' | 'withdrawn';

export interface Entry {
  id: Id;
  batch: Id;
  level: number;
  level_name: string | null;
  direction: string | null;
  direction_name: string | null;
  state: EntryState;
  state_label: string;
  version: number;
  has_photo: boolean;
  facts: unknown;
  kept: { component: string; millimarks: number; until: Ms }[] | null;
  reason: string | null;
  created_ms: Ms;
  changed_ms: Ms;
  submitted_ms: Ms;
  decided_ms: Ms;
}

export interface OwnEntry extends Entry {
  batch_title: string;
  programme: string;
  exam_from: string | null;
  exam_until: string | null;
}

export type Verdict = 'met' | 'unknown' | 'not_met';

export interface Clause {
  no: string;
  id: string;
  text: string;
  verdict: Verdict;
  because: string[];
  missing: string[];
}

export interface Eligibility {
  verdict: Verdict;
  programme: string;
  level: number;
  direction: string | null;
  as_of: string;
  clauses: Clause[];
}

export interface Evidence {
  id: Id;
  kind: string;
  fact: string;
  name: string;
  media_type: string;
  size: number;
  at_ms: Ms;
}

export interface EntryPerson {
  name: string | null;
  sex: string | null;
  document_kind: string | null;
  document_number: string | null;
  phone: string | null;
  identity_checked: boolean;
  /** On the desk: somebody can sign in for this person. */
  has_account?: boolean;
}

export interface ResitPart {
  component: string;
  name: string;
  tries: number;
  refused: boolean;
  again: string | null;
  kept: boolean;
  millimarks?: number;
  until_ms?: Ms;
}

/** Of somebody who was examined before (src/web/resit.c). */
export interface Resits {
  /** -1: not limited */
  max_resits: number;
  keep_days: number;
  source: string;
  refused: boolean;
  again: string | null;
  parts: ResitPart[];
}

export interface EntryReply {
  entry: Entry;
  batch: Batch;
  person: EntryPerson;
  verdict?: Eligibility;
  verdict_error?: { field: string; text: string };
  resits?: Resits;
  evidence: Evidence[];
  now: Ms;
}

export const isOpen = (entry: Entry): boolean => entry.state === 'draft' || entry.state === 'returned';

/** 三级/高级工 · 直播运营 */
export function entryTitle(entry: Entry): string {
  return [entry.level_name ?? String(entry.level), entry.direction_name].filter(Boolean).join(' · ');
}
