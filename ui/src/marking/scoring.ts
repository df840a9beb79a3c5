// Marks by bands: four bands of a point, one key each, and steps inside; and readable keys.
import type { Millimarks } from '../shared/api';
import type { Rubric, Scores } from './types';

export const STEP: Millimarks = 500;
const BANDS = 4;

export interface Band {
  from: Millimarks;
  to: Millimarks;
  /** What the key gives: the middle of the band, of the highest one the full mark. */
  gives: Millimarks;
}

const toStep = (value: number): Millimarks => Math.round(value / STEP) * STEP;

export function bands(full: Millimarks): Band[] {
  const edges = Array.from({ length: BANDS + 1 }, (_, i) => (i === BANDS ? full : toStep((full * i) / BANDS)));
  return Array.from({ length: BANDS }, (_, i) => {
    const to = edges[i + 1] ?? full;
    const from = i === 0 ? 0 : Math.min((edges[i] ?? 0) + STEP, to);
    return { from, to, gives: i === BANDS - 1 ? full : Math.min(to, toStep((from + to) / 2)) };
  });
}

/** The band of a mark, from 0; -1 when there is none. */
export const bandOf = (full: Millimarks, mark: Millimarks | undefined): number => (mark === undefined ? -1 : bands(full).findIndex((b) => mark <= b.to));

export const stepped = (full: Millimarks, mark: Millimarks | undefined, by: number): Millimarks => Math.max(0, Math.min(full, (mark ?? 0) + by * STEP));

export const sum = (scores: Scores): Millimarks => Object.values(scores).reduce((a, b) => a + b, 0);

export const missing = (rubric: Rubric, scores: Scores): number => rubric.points.filter((p) => scores[p.id] === undefined).length;

/** JSON of an answer, a key or a guide as lines a person can read. */
export function lines(value: unknown): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'string') return value.split('\n');
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (Array.isArray(value)) return value.every((v) => typeof v === 'string' && v.length < 12) ? [value.join('、')] : value.flatMap((v) => lines(v));
  return Object.entries(value as Record<string, unknown>).flatMap(([key, v]) => {
    const inner = lines(v);
    return inner.length === 1 ? [/^(text|name|point|point_text)$/.test(key) ? (inner[0] ?? '') : `${key}：${inner[0]}`] : inner;
  });
}
