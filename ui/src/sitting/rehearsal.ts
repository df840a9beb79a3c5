// A report of a rehearsal as the server keeps it (src/sitting/rehearsal.h).
import { count } from '../shared/format';

export interface Line { name: string; unit: 'count' | 'us' | 'ms' | 'mib'; bound: 'at_most' | 'at_least'; limit: number; value: number | null; ok: boolean }
export interface Report {
  version: string;
  engine: string;
  began_ms: number;
  ended_ms: number;
  candidates: number;
  rooms: number;
  nodes: number;
  stages: { name: string; count: number; ms: number; cpu_ms: number }[];
  limits: Line[];
  failed: { stage: string; text: string } | null;
  passed: boolean;
}

const short = (n: number, digits: number): string => String(Number(n.toFixed(digits)));

/** A number as people read it: "12.5 ms", "3.2 s", "1,000". */
export function reading(value: number, unit: Line['unit']): string {
  if (unit === 'count') return count(value);
  if (unit === 'mib') return value >= 10240 ? `${short(value / 1024, 1)} GiB` : `${count(value)} MiB`;
  const ms = unit === 'us' ? value / 1000 : value;
  if (ms >= 1000) return `${short(ms / 1000, 1)} s`;
  return `${short(ms, ms < 100 ? 1 : 0)} ms`;
}

/** What did not hold: the reasons of a verdict. */
export const reasons = (r: Report): Line[] => r.limits.filter((l) => !l.ok);

/** How much of what is allowed was used, for a bar; null where a bar says nothing. */
export function gauge(l: Line): number | null {
  if (l.value === null || l.bound !== 'at_most' || l.limit === 0) return null;
  return Math.min(1, l.value / l.limit);
}
