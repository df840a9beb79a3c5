import type { Id, Millimarks, Ms } from '../shared/api';

export interface FormRow {
  id: Id;
  name: string;
  programme: string;
  component: string;
  level: number;
  direction: string | null;
  state: string;
  items: number;
  millimarks: Millimarks;
  created_ms: Ms;
}
export interface LayoutPart {
  kind: string;
  count: number;
  millimarks: Millimarks;
  /** What an answer is worth that is right in part; none is all or nothing. */
  partial?: string | null;
}
export interface FormItem {
  section: number;
  id: Id;
  code: string;
  kind: string;
  area: string;
  point: string;
  difficulty: number;
  /** What its curve is drawn by: as measured, or as its class stands for. */
  measured: boolean;
  a: number;
  b: number;
  c: number;
  millimarks: Millimarks;
  stem: string;
}
export interface Certificate {
  method: 'optimised' | 'random';
  aim?: 'balance' | 'information';
  objective?: number;
  bound?: number;
  gap?: number;
  bound_by?: string;
  stopped_by?: string;
  seed?: string;
  forms?: number;
  pool?: number;
  uncalibrated?: number;
  shared?: number;
}
export interface Life {
  forms: number;
  starves: string | null;
  cells: { area: string; name: string; kind: string; needed: number; have: number; write: number }[];
}
export interface FormView {
  form: FormRow & { layout: LayoutPart[] };
  certificate: Certificate | null;
  /** At theta −3, −2.5, … 3: of so many of its items as measured, of the others by difficulty class. */
  information: number[];
  measured: number;
  items: FormItem[];
}
export interface Solved {
  blueprint: { level: number; direction: string | null; items: number; millimarks: Millimarks; layout: LayoutPart[]; cells: { area: string; name: string; kind: string; count: number }[]; deviation: { area: string; percent: number; items: number; off: number }[] };
  feasible: boolean;
  sentence: string | null;
  stock: { area: string; kind: string; have: number; unused: number; difficulty: number[] }[];
  starving: { area: string; kind: string; needed: number; have: number }[];
}
export interface SessionPapers {
  id: Id;
  programme: string;
  component: string;
  title: string;
  starts_ms: Ms;
  state: string;
  state_label: string;
  prepared: boolean;
  papers: number;
  spares: number;
  officers: number;
  armed: number;
  released: boolean;
  open_at_ms: Ms;
  arm_from_ms: Ms;
  released_ms?: Ms;
}
