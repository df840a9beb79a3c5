// How the items of one sitting worked, and what a changed key would do (src/web/key_change.c).
import type { Id, Millimarks, Ms } from '../shared/api';

export type Finding = 'negative' | 'weak' | 'rival' | 'easy' | 'hard' | 'differs';
export type Effect = 'replace' | 'accept' | 'credit';

export interface SessionItem {
  code: string;
  /** Of a case, from 0; -1: the whole item. */
  part: number;
  stem: string;
  area: string;
  kind: string;
  key: unknown;
  credit: boolean;
  changed: boolean;
  by_people: boolean;
  full: Millimarks;
  count: number;
  answered: number;
  p: number | null;
  r: number | null;
  /** Mean share by fifths of the marks elsewhere, the weakest first. */
  curve: (number | null)[];
  /** How many people are in each fifth. */
  bands: number[];
  /** Women against men of the same marks: class C is large (Mantel-Haenszel, ETS). */
  dif: { delta: number | null; p: number | null; class: string } | null;
  answers: { response: unknown; count: number; rest: number | null; full: boolean; bands: number[] }[];
  findings: Finding[];
}

export interface SessionItems {
  attempts: number;
  mean: number | null;
  sd: number | null;
  alpha: number | null;
  items: SessionItem[];
}

export interface Preview {
  digest: string;
  version: number;
  attempts: number;
  full: Millimarks;
  pass: Millimarks;
  changed: number;
  now_pass: number;
  now_fail: number;
  effects: { entry: Id; name: string; before: Millimarks; after: Millimarks; passed_before: boolean; passed_after: boolean; certificate: string | null }[];
}

export interface KeyChange {
  ordinal: number;
  code: string;
  part: number;
  effect: Effect;
  key: unknown;
  reason: string;
  attempts: number;
  changed: number;
  actor: string;
  second: string;
  at_ms: Ms;
}

export const nameOf = (item: { code: string; part: number }): string => (item.part < 0 ? item.code : `${item.code} (${item.part + 1})`);

/** The certificates that rest on a pass which would be gone. */
export const endangered = (preview: Preview): string[] => preview.effects.filter((e) => e.passed_before && !e.passed_after && e.certificate).map((e) => e.certificate as string);
