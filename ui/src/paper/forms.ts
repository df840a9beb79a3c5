// Counting what forms are made of. Pure.
import type { FormItem, Solved } from './types';

export interface StockCell {
  area: string;
  kind: string;
  needed: number;
  have: number;
  unused: number;
  /** Of the stock: how many of difficulty 1 to 5. */
  difficulty: number[];
  /** The stock does not reach for one paper. */
  starves: boolean;
  /** Papers that the items never used so far feed. */
  rounds: number;
}
export interface StockRow {
  area: string;
  name: string;
  needed: number;
  cells: (StockCell | undefined)[];
  starves: boolean;
}

/** Rows are areas, those that starve first; columns the kinds of the layout. */
export function stockRows(solved: Solved): { kinds: string[]; rows: StockRow[] } {
  const { blueprint, stock, starving } = solved;
  const kinds = [...new Set(blueprint.layout.map((p) => p.kind))];
  const areas = [...new Map(blueprint.cells.map((c) => [c.area, c.name]))];
  const rows = areas.map(([area, name]): StockRow => {
    const cells = kinds.map((kind): StockCell | undefined => {
      const needed = blueprint.cells.filter((c) => c.area === area && c.kind === kind).reduce((sum, c) => sum + c.count, 0);
      const held = stock.find((s) => s.area === area && s.kind === kind);
      if (!needed) return undefined;
      const have = held?.have ?? 0;
      const unused = held?.unused ?? 0;
      const starves = have < needed || starving.some((s) => s.area === area && s.kind === kind);
      return { area, kind, needed, have, unused, difficulty: held?.difficulty ?? [0, 0, 0, 0, 0], starves, rounds: Math.floor(unused / needed) };
    });
    return { area, name, needed: cells.reduce((sum, c) => sum + (c?.needed ?? 0), 0), cells, starves: cells.some((c) => c?.starves) };
  });
  return { kinds, rows: [...rows].sort((a, b) => Number(b.starves) - Number(a.starves)) };
}

/** Cells of which the next paper without any used item lacks some, the worst first. */
export function shortages(rows: readonly StockRow[], forms: number): { cell: StockCell; name: string; lacks: number }[] {
  return rows
    .flatMap((row) => row.cells.map((cell) => ({ cell, name: row.name, lacks: cell ? cell.needed * forms - cell.unused : 0 })))
    .filter((x): x is { cell: StockCell; name: string; lacks: number } => !!x.cell && x.lacks > 0)
    .sort((a, b) => b.lacks - a.lacks);
}

/** Mean difficulty, undefined without items. */
export const meanDifficulty = (items: readonly { difficulty: number }[]): number | undefined => (items.length ? items.reduce((sum, i) => sum + i.difficulty, 0) / items.length : undefined);

/** How many items of difficulty 1 to 5. */
export const spread = (items: readonly { difficulty: number }[]): number[] => [1, 2, 3, 4, 5].map((d) => items.filter((i) => i.difficulty === d).length);

export interface FormCell {
  count: number;
  mean: number | undefined;
  /** Against the mean of the whole form. */
  off: number;
}
/** Area × kind of one form. */
export function formCells(items: readonly FormItem[]): { kinds: string[]; rows: { area: string; count: number; mean: number | undefined; cells: FormCell[] }[] } {
  const kinds = [...new Set(items.map((i) => i.kind))];
  const whole = meanDifficulty(items) ?? 0;
  return {
    kinds,
    rows: [...new Set(items.map((i) => i.area))].map((area) => {
      const here = items.filter((i) => i.area === area);
      return {
        area,
        count: here.length,
        mean: meanDifficulty(here),
        cells: kinds.map((kind) => {
          const these = here.filter((i) => i.kind === kind);
          const mean = meanDifficulty(these);
          return { count: these.length, mean, off: mean === undefined ? 0 : mean - whole };
        }),
      };
    }),
  };
}

/** Items that both have. */
export function overlap(a: readonly { id: string }[], b: readonly { id: string }[]): number {
  const ids = new Set(a.map((i) => i.id));
  return b.filter((i) => ids.has(i.id)).length;
}

/** Items that each two of the forms share; on the diagonal their own number. */
export const overlapMatrix = (forms: readonly (readonly { id: string }[])[]): number[][] => forms.map((a) => forms.map((b) => overlap(a, b)));

/** +0.12 · −0.30 */
export const signed = (n: number): string => `${n < 0 ? '−' : '+'}${Math.abs(n).toFixed(2)}`;
