// Results of a batch as the desk reads them: totals and the distribution of a component.
import type { Id, Millimarks, Ms } from '../shared/api';

export interface Result {
  entry: Id;
  name: string;
  component: string;
  version: number;
  level: number;
  direction: string;
  kind: string;
  millimarks: Millimarks;
  full: Millimarks;
  pass: Millimarks;
  passed: boolean;
  areas: { area: string; full: Millimarks; millimarks: Millimarks }[] | null;
  reason: string | null;
  published_ms: Ms;
}

export interface Results {
  total: number;
  waiting: number;
  digest: string;
  results: Result[];
}

export interface Missing {
  entry: Id;
  component: string;
  what: string;
}

export interface Computed {
  entries: number;
  results: number;
  passed: number;
  changed: number;
  stored: boolean;
  missing: Missing[];
}

export interface Recheck {
  id: Id;
  entry: Id;
  component: string;
  reason: string;
  asked_ms: Ms;
  due: string | null;
  answer: string | null;
  answered_ms: Ms;
}

export interface Bin {
  from: Millimarks;
  to: Millimarks;
  passed: number;
  failed: number;
}

const BINS = 20;
const isMark = (r: Result) => r.kind !== 'absent' && r.kind !== 'void';

/** Twenty bins over the marks of one component; absent and voided results are not marks. */
export function distribution(results: Result[]): Bin[] {
  const full = Math.max(0, ...results.map((r) => r.full));
  if (!full) return [];
  const width = full / BINS;
  const bins: Bin[] = Array.from({ length: BINS }, (_, i) => ({ from: Math.round(i * width), to: Math.round((i + 1) * width), passed: 0, failed: 0 }));
  for (const r of results.filter(isMark)) {
    const bin = bins[Math.max(0, Math.min(BINS - 1, Math.floor(r.millimarks / width)))];
    if (bin) bin[r.passed ? 'passed' : 'failed'] += 1;
  }
  return bins;
}

export interface Summary {
  count: number;
  passed: number;
  /** Middle mark, or undefined without any. */
  median?: Millimarks;
}

export function summary(results: Result[]): Summary {
  const marks = results.filter(isMark).map((r) => r.millimarks).sort((a, b) => a - b);
  const half = Math.floor(marks.length / 2);
  const median = marks.length % 2 ? marks[half] : marks.length ? Math.round(((marks[half - 1] ?? 0) + (marks[half] ?? 0)) / 2) : undefined;
  return { count: results.length, passed: results.filter((r) => r.passed).length, median };
}
