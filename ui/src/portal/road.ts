// What GET /api/my/road answers: the candidate's applications, each with what comes next and the
// whole road. Where `title` is missing the page has the words for the code.
import type { Id, Ms } from '../shared/api';

export type StageState = 'done' | 'here' | 'todo' | 'late';

export interface RoadStage {
  /** apply, review, training, confirm, ticket, sit, result, certificate … */
  code: string;
  state: StageState;
  title?: string;
  /** When it was done, or from when it can be done. */
  at?: Ms | null;
  /** Until when. */
  by?: Ms | null;
  note?: string;
}

export interface RoadFact {
  label: string;
  /** First line: what matters. */
  lead: string;
  more?: string;
}

export interface RoadNext {
  code: string;
  title?: string;
  text?: string;
  by?: Ms | null;
  facts?: RoadFact[];
  /** Page of this portal where it is done, with the word for the button. */
  path?: string;
  action?: string;
}

export interface RoadEntry {
  id: Id;
  /** 三级/高级工 · 直播运营 */
  title: string;
  next: RoadNext | null;
  stages: RoadStage[];
}

export interface Road {
  now: Ms;
  entries: RoadEntry[];
  /** Who helps, and when. */
  help?: { phone: string; hours: string } | null;
}
