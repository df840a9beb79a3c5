// A batch as a line of stages: what is done, what is late, whose turn it is. Pure.
import { monthDay, readDay, day } from '../shared/format';
import type { Id, Ms } from '../shared/api';
import type { Batch } from './portalTypes';

export interface Stage {
  code: string;
  label: string;
  count: number;
  of: number;
  /** YYYY-MM-DD, or null: see due_note. */
  due: string | null;
  due_note: string | null;
  late: boolean;
}

export type StageState = 'done' | 'here' | 'late' | 'todo';

export interface Standing extends Stage {
  state: StageState;
  /** 11-20, with the year where it is another one than today's. */
  dueText: string;
  /** Year whose holidays are not published yet, when that is why there is no date. */
  dueYear: string;
  lateDays: number;
  /** Who has to do something now; keys of entry.turn, none when nobody has. */
  turn: string;
  left: number;
  /** Where the work of this stage is. */
  to: string;
}

const DAY_MS = 86_400_000;
const TURNS: Record<string, string> = {
  applied: 'candidate',
  reviewed: 'registrar',
  arranged: 'registrar',
  ticketed: 'registrar',
  sat: 'invigilator',
  marked: 'marker',
  published: 'publish',
  issued: 'issuer',
  archived: 'archive',
};

const queue = (code: string, id: Id): string =>
  ({
    applied: `/review?batch=${id}`,
    reviewed: `/review?batch=${id}&state=submitted`,
    arranged: `/sessions?batch=${id}`,
    ticketed: `/sessions?batch=${id}`,
    sat: `/rooms?batch=${id}`,
    marked: `/marking?batch=${id}`,
    published: `/results?batch=${id}`,
    issued: `/certificates?batch=${id}`,
  })[code] ?? `/archive?batch=${id}`;

export function timeline(stages: Stage[], batch: Pick<Batch, 'id' | 'state' | 'apply_until_ms'>, now: Ms): Standing[] {
  const today = readDay(day(now)) ?? now;
  const all = Math.max(0, ...stages.filter((s) => s.code !== 'applied' && s.code !== 'reviewed').map((s) => s.of));
  let before = Infinity; // how many have reached the stage before this one
  let doneBefore = false;
  return stages.map((s) => {
    const ends = s.code === 'applied';
    const over = now >= batch.apply_until_ms || batch.state !== 'open';
    // When nobody has passed, there is nothing to issue and the stage is behind us.
    const done = ends ? over : s.of > 0 ? s.count >= s.of : s.code === 'issued' && doneBefore;
    const left = ends ? 0 : Math.max(0, Math.min(s.of, before) - s.count);
    const due = s.due ? readDay(s.due) : undefined;
    const waits = ends ? !over : !done && (left > 0 || s.late);
    // Who has failed waits for no certificate: their files go on as they are.
    before = ends ? Infinity : s.code === 'issued' && doneBefore ? all - (s.of - s.count) : s.count;
    doneBefore = done;
    return {
      ...s,
      state: done ? 'done' : s.late ? 'late' : waits ? 'here' : 'todo',
      dueText: s.due ? (s.due.slice(0, 4) === day(now).slice(0, 4) && due !== undefined ? monthDay(due) : s.due) : '',
      dueYear: s.due ? '' : (/(\d{4}) ?年/.exec(s.due_note ?? '')?.[1] ?? ''),
      lateDays: s.late && due !== undefined ? Math.round((today - due) / DAY_MS) : 0,
      turn: waits ? (TURNS[s.code] ?? '') : '',
      left,
      to: queue(s.code, batch.id),
    };
  });
}

/** How much of the line is behind us, 0 to 1: the bar above it. */
export const behind = (line: Standing[]): number => {
  const at = line.findIndex((s) => s.state !== 'done');
  return at < 0 ? 1 : (at + (line[at]?.of ? Math.min(1, (line[at]?.count ?? 0) / (line[at]?.of ?? 1)) : 0)) / line.length;
};
