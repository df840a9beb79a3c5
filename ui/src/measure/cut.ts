// A panel as the server tells it, and what its pages reckon from it.
import type { ItemObject, Presented } from '../bank/types';
import type { Id, Ms } from '../shared/api';

export interface CutRow {
  id: Id;
  title: string;
  programme: string;
  form: string;
  chair: string;
  chairs: boolean;
  round: number;
  opened_ms: Ms;
  closed_ms: Ms;
  outcome: '' | 'held' | 'abandoned';
  reason: string;
  items: number;
  members: number;
  done: number;
}
export interface CutItem {
  n: number;
  code: string;
  millimarks: number;
  /** Of the marks that candidates got; null: nobody had it, or round one. */
  share: number | null;
  answered: number;
  /** Per cent, a round each. */
  own: (number | null)[];
  /** Everybody's, sorted, of the rounds that are over. */
  spread: number[][];
  mean: (number | null)[];
  preview?: Presented;
  object?: ItemObject;
}
export interface CutMember {
  id: Id;
  name: string;
  excused: boolean;
  excuse: string;
  rated: number;
  done: boolean;
}
export interface CutResult {
  cut: number;
  share: number;
  sd: number | null;
  se: number | null;
  icc_single: number | null;
  icc_panel: number | null;
  judges: { name: string; cut: number; difference: number; r: number | null; distance: number | null }[];
}
export interface CutPanel {
  panel: CutRow & { rates: boolean; handed_in: boolean; full: number; pass?: number };
  members: CutMember[];
  results: CutResult[];
  items: CutItem[];
}

/** A whole per cent from 0 to 100 as it was typed, or undefined. */
export function percentOf(text: string): number | undefined {
  return /^(100|[1-9]?[0-9])$/.test(text.trim()) ? Number(text.trim()) : undefined;
}

/** The first item of a round without a rating, from `after` on and then from the beginning; -1: none. */
export function nextUnrated(items: CutItem[], round: number, after: number): number {
  for (let k = 0; k < items.length; k++) {
    const at = (after + k) % items.length;
    if (typeof items[at]?.own[round - 1] !== 'number') return at;
  }
  return -1;
}

export const rated = (items: CutItem[], round: number): number => items.filter((i) => typeof i.own[round - 1] === 'number').length;

/** How far the latest round's ratings of an item lie apart. */
export function width(item: CutItem): number {
  const last = item.spread.filter((s) => s.length).at(-1);
  return last?.length ? (last.at(-1) ?? 0) - (last[0] ?? 0) : 0;
}
