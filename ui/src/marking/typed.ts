// Answers from paper (src/web/typed.c): what a typist types for a place, as a short text.
import type { Id } from '../shared/api';

export interface TypedRow {
  attempt: Id;
  room: string;
  seat: number;
  ticket: string;
  attempt_state: string;
  state: 'none' | 'typing' | 'differs' | 'settled';
  submitted: number;
  differences: number;
  mine: boolean;
  mine_submitted: boolean;
}

export interface Place {
  n: number;
  kind: string;
  options?: { id: string; text: string }[];
  premises?: string[];
  gaps?: number;
  unit?: string;
}

export interface TypedSheet {
  places: Place[];
  answers: Record<string, unknown>;
  version: number;
  submitted: boolean;
}

export interface Difference {
  n: number;
  place: Place;
  one: unknown;
  two: unknown;
}

const LISTED = ['single', 'multiple', 'ordering', 'matching'];
const YES = ['1', 't', 'y', '√', '对', '正确', 'a'];
const NO = ['0', 'f', 'n', '×', 'x', '错', '错误', 'b'];

/** The text of a response as it stands in a field. */
export function shown(place: Place, response: unknown): string {
  if (response === null || response === undefined) return '';
  if (typeof response === 'boolean') return response ? '对' : '错';
  if (place.kind === 'hotspot' && Array.isArray(response)) return response.join(', ');
  if (Array.isArray(response)) return place.kind === 'blank' ? response.map((one) => String(one ?? '')).join('；') : response.map((one) => String(one ?? '-')).join('');
  return String(response);
}

/** What was typed as a response; null: left open on the paper; undefined: it cannot mean anything. */
export function typed(place: Place, text: string): unknown {
  const plain = text.normalize('NFKC').trim();
  if (!plain) return null;
  if (place.kind === 'true_false') return YES.includes(plain.toLowerCase()) ? true : NO.includes(plain.toLowerCase()) ? false : undefined;
  if (place.kind === 'blank') {
    const gaps = text.split(/[;；]/).map((one) => one.trim());
    return gaps.length === place.gaps ? gaps : undefined;
  }
  if (place.kind === 'hotspot') {
    const point = /^\(?\s*(\d{1,4})[\s,、]+(\d{1,4})\s*\)?$/.exec(plain);
    return point ? [Number(point[1]), Number(point[2])] : undefined;
  }
  if (!LISTED.includes(place.kind)) return plain;
  const letters = [...plain.toUpperCase().replace(/[\s,、]/g, '')].map((c) => (c === '-' ? null : c));
  const last = String.fromCharCode(64 + (place.options?.length ?? 0));
  if (letters.some((c) => c !== null && (c < 'A' || c > last))) return undefined;
  if (place.kind === 'matching') return letters.length === place.premises?.length ? letters : undefined;
  if (letters.includes(null) || new Set(letters).size !== letters.length) return undefined;
  return place.kind === 'single' && letters.length !== 1 ? undefined : letters;
}
