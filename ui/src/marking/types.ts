// What the server tells about marking (src/web/marking.c).
import type { ItemMedia, ItemPicture } from '../bank/types';
import type { Id, Millimarks, Ms } from '../shared/api';

export interface Point {
  id: string;
  area: string;
  area_name: string;
  name: string;
  full: Millimarks;
  skills: string[];
}

export interface Rubric {
  component: string;
  full: Millimarks;
  pass: Millimarks;
  points: Point[];
}

export type Scores = Record<string, Millimarks>;

export interface Sheet {
  entry: Id;
  label: string;
  level_name: string | null;
  direction_name: string | null;
  scores: Scores | null;
  note: string | null;
  total: Millimarks;
  version: number;
  submitted_ms: Ms;
  recused: boolean;
  rubric: Rubric;
}

export interface Script {
  id: Id;
  code: string;
  stem: string;
  guide: { key?: unknown; guide?: unknown; errors?: unknown; pictures?: ItemPicture[] | null; media?: ItemMedia[] | null } | null;
  response: unknown;
  full: Millimarks;
  third: boolean;
}

export interface Vote {
  examiner: string;
  total: Millimarks;
  scores: Scores | null;
  note: string | null;
}

export interface ComponentMark {
  entry: Id;
  label: string;
  state: 'waiting' | 'settled' | 'third' | 'decides';
  millimarks: Millimarks;
  needed: number;
  submitted: number;
  decision: string | null;
  votes: Vote[];
}
