// What the marks of a form are worth, and how people marked (src/web/measure.c).
import type { Id, Millimarks } from '../shared/api';

export interface FormReport {
  form: Id;
  name: string;
  attempts: number;
  passed: number;
  items: number;
  by_people: number;
  full: Millimarks;
  mean: number | null;
  sd: number | null;
  low: number | null;
  high: number | null;
  alpha: number | null;
  sem: number | null;
  sem_at_pass: number | null;
  /** By whole percent, 0 to 100. */
  counts: number[];
  decision: { accuracy: number; consistency: number; kappa: number | null; false_pass: number; false_fail: number } | null;
  information: { model: 'rasch' | '2pl'; items: number; theta: number[]; at: number[]; pass_theta: number | null; pass_sem: number | null } | null;
}

export interface SessionReport {
  pass: number;
  rasch_from: number;
  forms: FormReport[];
}

export interface RaterReport {
  rater: Id;
  name: string;
  count: number;
  shared: number;
  mean: number | null;
  sd: number | null;
  severity: number | null;
  severity_se: number | null;
  distance: number | null;
  r: number | null;
  span: (number | null)[];
  logit: number | null;
  logit_se: number | null;
  infit: number | null;
}

export interface Raters {
  works: number;
  ratings: number;
  icc_single: number | null;
  icc_mean: number | null;
  raters: RaterReport[];
}

const BIN = 5;

/** Percents in steps of five, below the pass mark and from it on; the last step holds 95 to 100. */
export function bins(counts: number[], pass: number): { from: number; below: number; reached: number }[] {
  const out = Array.from({ length: 100 / BIN }, (_, i) => ({ from: i * BIN, below: 0, reached: 0 }));
  counts.forEach((n, at) => {
    const bin = out[Math.min(Math.floor(at / BIN), out.length - 1)];
    if (bin) bin[at + 1e-9 >= pass * 100 ? 'reached' : 'below'] += n;
  });
  return out;
}

/** Whether a rater stands out: twice the error away from the others, and by at least three marks of a hundred. */
export const standsOut = (r: RaterReport): boolean => r.severity !== null && r.severity_se !== null && Math.abs(r.severity) > Math.max(0.03, 2 * r.severity_se);

/** How far the first and the last quarter of somebody's work lie apart. */
export function drift(r: RaterReport): number | null {
  const known = r.span.filter((v): v is number => v !== null);
  const first = known[0];
  const last = known[known.length - 1];
  return known.length > 1 && first !== undefined && last !== undefined ? last - first : null;
}
