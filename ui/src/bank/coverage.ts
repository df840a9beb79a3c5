// The bank counted against the weight table. Pure.
export interface Cell {
  level: number;
  direction: string | null;
  area: string;
  kind: string;
  have: number;
  needed: number;
}
export interface PointCount {
  point: string;
  area: string;
  have: number;
  needed: number;
}
export interface Coverage {
  programme: string;
  items: number;
  lacking: number;
  cells: Cell[];
  points: PointCount[];
  point_kinds: { point: string; kind: string; have: number }[];
}

const unique = <T>(values: T[]): T[] => [...new Set(values)];
export const columnOf = (c: { level: number; direction: string | null }): string => `${c.level}${c.direction ?? ''}`;

/** How many papers a cell feeds. */
export const papers = (c: { have: number; needed: number }): number => (c.needed > 0 ? Math.floor(c.have / c.needed) : Infinity);
export const lacks = (c: { have: number; needed: number }): boolean => c.have < c.needed;
/** 0 nothing or too little, 1 one paper, … 4 four or more. */
export const heat = (c: { have: number; needed: number }): number => Math.min(4, c.needed > 0 ? papers(c) : c.have);

export interface Matrix {
  columns: { key: string; level: number; direction: string | null; kind: string }[];
  areas: string[];
  at: Map<string, Cell>;
}
/** All levels and directions at once: columns are level + direction × kind, rows areas. */
export function matrixOf(cells: readonly Cell[]): Matrix {
  const columns = new Map<string, Matrix['columns'][number]>();
  const at = new Map<string, Cell>();
  for (const c of cells) {
    const key = `${columnOf(c)} ${c.kind}`;
    columns.set(key, { key, level: c.level, direction: c.direction, kind: c.kind });
    at.set(`${c.area} ${key}`, c);
  }
  const order = unique(cells.map(columnOf));
  const sorted = [...columns.values()].sort((a, b) => order.indexOf(columnOf(a)) - order.indexOf(columnOf(b)));
  return { columns: sorted, areas: unique(cells.map((c) => c.area)), at };
}

export interface PointRow {
  point: string;
  area: string;
  total: number;
  counts: number[];
}
/** Points of an area ("": all) by kind. */
export function pointRows(coverage: Coverage, kinds: readonly string[], area: string): PointRow[] {
  const counts = new Map(coverage.point_kinds.map((p) => [`${p.point} ${p.kind}`, p.have]));
  return coverage.points
    .filter((p) => !area || p.area === area)
    .map((p) => {
      const row = kinds.map((kind) => counts.get(`${p.point} ${kind}`) ?? 0);
      return { point: p.point, area: p.area, total: row.reduce((a, b) => a + b, 0), counts: row };
    });
}
