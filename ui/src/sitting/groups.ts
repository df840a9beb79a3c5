// Candidates of a session by level and direction: each group needs a form of its own.
import type { SessionView } from './types';

export interface Group {
  level: number;
  direction: string;
  count: number;
}

export function groupsOf(session: SessionView): Group[] {
  const groups = new Map<string, Group>();
  const add = (level: number | undefined, direction = '') => {
    if (level === undefined) return;
    const key = `${level} ${direction}`;
    const group = groups.get(key) ?? { level, direction, count: 0 };
    group.count += 1;
    groups.set(key, group);
  };
  for (const room of session.rooms) for (const seat of room.seats) if (seat.taken) add(seat.level, seat.direction);
  return [...groups.values()].sort((a, b) => b.level - a.level || a.direction.localeCompare(b.direction));
}
