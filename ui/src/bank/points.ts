// Areas and assessment points of a programme's file, in printed order. Pure.
export interface Point {
  id: string;
  code: string;
  text: string;
  area: string;
}
export interface AreaOf {
  id: string;
  name: string;
  /** Undefined: of every level. */
  level?: number;
  directions: string[];
  points: Point[];
}

interface Coded {
  id: string;
  code?: string;
  name?: string;
  text?: string;
}
export interface ProgrammeFile {
  basic?: (Coded & { sections?: (Coded & { items?: Coded[] })[] })[];
  functions?: (Coded & { level?: number; directions?: string[]; contents?: (Coded & { knowledge?: Coded[]; skills?: Coded[] })[] })[];
}

const point = (p: Coded, area: string): Point => ({ id: p.id, code: p.code ?? p.id, text: p.text ?? p.name ?? p.id, area });

/** Knowledge points under functions; leaves under basic areas (a section without leaves is one). */
export function areasOf(file: ProgrammeFile): AreaOf[] {
  const basic = (file.basic ?? []).map((b): AreaOf => ({
    id: b.id,
    name: b.name ?? b.id,
    directions: [],
    points: (b.sections ?? []).flatMap((s) => (s.items?.length ? s.items : [s]).map((p) => point(p, b.id))),
  }));
  const functions = (file.functions ?? []).map((f): AreaOf => ({
    id: f.id,
    name: f.name ?? f.id,
    level: f.level,
    directions: f.directions ?? [],
    points: (f.contents ?? []).flatMap((c) => (c.knowledge?.length ? c.knowledge : (c.skills ?? [])).map((p) => point(p, f.id))),
  }));
  return [...basic, ...functions];
}

/** Areas that may count for an item of these levels and directions (none: all). */
export function areasFor(areas: readonly AreaOf[], levels: readonly number[], directions: readonly string[]): AreaOf[] {
  return areas.filter(
    (a) =>
      (a.level === undefined || !levels.length || levels.includes(a.level)) &&
      (!directions.length || !a.directions.length || a.directions.some((d) => directions.includes(d))),
  );
}
