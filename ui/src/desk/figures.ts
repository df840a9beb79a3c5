// What a chart draws, as a table for whoever reads numbers or does not see the picture. Read from the very option
// that the chart is given, so that the two cannot say different things. Pure.
import type { ChartOption } from './chart';

export interface Figures {
  head: string[];
  rows: { name: string; cells: string[] }[];
}

interface Axis { type?: string; name?: string; data?: unknown[]; inverse?: boolean }
interface Series { type?: string; name?: unknown; data?: unknown; yAxisIndex?: number }
interface Drawn { xAxis?: unknown; yAxis?: unknown; series?: unknown; tooltip?: unknown }

const NONE = '—';
const list = <T>(value: unknown): T[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]) as T[];
const valueOf = (one: unknown): unknown => (one && typeof one === 'object' && !Array.isArray(one) && 'value' in one ? one.value : one);
const minus = (text: string) => text.replace(/^-/, '\u2212');
const known = (values: unknown[], at: number): string => String(values[at] ?? '');

/** Of a column of numbers as many decimals each as the longest has, so that they stand below each other. */
function aligned(rows: Figures['rows']): Figures['rows'] {
  const NUMBER = /^\u2212?\d+(?:\.(\d+))?$/;
  const decimals = (at: number) => Math.max(0, ...rows.map((r) => NUMBER.exec(r.cells[at] ?? '')?.[1]?.length ?? 0));
  const wanted = (rows[0]?.cells ?? []).map((_, at) => decimals(at));
  return rows.map((r) => ({ ...r, cells: r.cells.map((cell, at) => { const has = NUMBER.exec(cell); const lacks = (wanted[at] ?? 0) - (has?.[1]?.length ?? 0); return has && lacks > 0 ? `${cell}${has[1] ? '' : '.'}${'0'.repeat(lacks)}` : cell; }) }));
}

/** By category of x, a column for each series. */
function byCategory(x: Axis, series: Series[], text: (v: unknown) => string): Figures['rows'] {
  return list(x.data).map((name, i) => ({ name: String(name).replace(/\n/g, ' '), cells: series.map((s) => text(valueOf(list(s.data)[i]))) }));
}

/** By number on x, a column for each series. */
function byNumber(series: Series[], text: (v: unknown) => string): Figures['rows'] {
  const pairs = series.map((s) => new Map(list(s.data).map((one) => list<unknown>(valueOf(one)) as [number, unknown])));
  const xs = [...new Set(pairs.flatMap((p) => [...p.keys()]))].sort((a, b) => a - b);
  return xs.map((at) => ({ name: minus(String(at)), cells: pairs.map((p) => text(p.get(at))) }));
}

/** From the top row of the picture to the bottom. */
function byCell(x: Axis, y: Axis, series: Series, text: (v: unknown) => string): Figures['rows'] {
  const at = new Map(list(series.data).map((one) => { const [i, k, v] = list<unknown>(valueOf(one)); return [`${String(i)} ${String(k)}`, v]; }));
  const rows = list(y.data).map((name, k) => ({ name: String(name), cells: list(x.data).map((_, i) => (at.has(`${i} ${k}`) ? text(at.get(`${i} ${k}`)) : '')) }));
  return y.inverse ? rows : rows.reverse();
}

export function figuresOf(option: ChartOption): Figures {
  const drawn = option as Drawn;
  const [x = {}] = list<Axis>(drawn.xAxis);
  const ys = list<Axis>(drawn.yAxis);
  const [y = {}] = ys;
  const series = list<Series>(drawn.series);
  const { valueFormatter: write } = (drawn.tooltip ?? {}) as { valueFormatter?: (v: unknown) => string };
  const text = (v: unknown) => (typeof v === 'number' ? (write ? write(v) : minus(String(v))) : NONE);
  const first = series[0];
  if (first?.type === 'heatmap') {
    const columns = list(x.data);
    return { head: ['', ...columns.map((_, i) => known(columns, i).replace(/\n/g, ' '))], rows: byCell(x, y, first, text) };
  }
  const head = [x.name ?? '', ...series.map((s) => (typeof s.name === 'string' ? s.name : (ys[s.yAxisIndex ?? 0]?.name ?? '')))];
  return { head, rows: aligned(x.type === 'category' ? byCategory(x, series, text) : byNumber(series, text)) };
}
