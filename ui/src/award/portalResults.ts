// Results as the candidate sees them: the newest version of each component, with its areas named.
import type { Id, Millimarks, Ms } from '../shared/api';

export interface AreaMark {
  area: string;
  full: Millimarks;
  millimarks: Millimarks;
}
export interface Result {
  entry: Id;
  component: string;
  version: number;
  kind: 'marked' | 'absent' | 'kept' | 'void';
  millimarks: Millimarks;
  full: Millimarks;
  pass: Millimarks;
  passed: boolean;
  areas: AreaMark[] | null;
  reason: string | null;
  published_ms: Ms;
}
export interface Recheck {
  id: Id;
  component: string;
  reason: string;
  asked_ms: Ms;
  due: string | null;
  answer: string | null;
  answered_ms: Ms;
}
export interface ResultsReply {
  awarded: boolean;
  results: Result[];
  rechecks: Recheck[];
}
/** What the page needs of a programme file. */
export interface ResultProgramme {
  components?: { id: string; name: string }[];
  weights?: { rows?: { name: string; cells?: { area?: string }[] }[] }[];
}

/** Newest version of each component, in the programme's order. */
export function newest(results: Result[], programme: ResultProgramme): Result[] {
  const best = new Map<string, Result>();
  for (const r of results) if ((best.get(r.component)?.version ?? -1) < r.version) best.set(r.component, r);
  const order = (programme.components ?? []).map((c) => c.id);
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...best.values()].sort((a, b) => place(a.component) - place(b.component));
}

/** Earlier versions of a component, newest first: a result that was changed says so. */
export const earlier = (results: Result[], now: Result): Result[] => results.filter((r) => r.component === now.component && r.version < now.version).sort((a, b) => b.version - a.version);

/** F3.2 → 视听运营, from the weight tables. */
export function areaNames(programme: ResultProgramme): Record<string, string> {
  const names: Record<string, string> = {};
  for (const table of programme.weights ?? []) for (const row of table.rows ?? []) for (const cell of row.cells ?? []) if (cell.area) names[cell.area] = row.name;
  return names;
}

export const componentName = (programme: ResultProgramme, id: string): string => programme.components?.find((c) => c.id === id)?.name ?? id;
