// ECharts, only the parts we draw with, in the colours of the tokens.
import { BarChart, HeatmapChart, LineChart, ScatterChart, type BarSeriesOption, type HeatmapSeriesOption, type LineSeriesOption, type ScatterSeriesOption } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  type GridComponentOption,
  type LegendComponentOption,
  type TooltipComponentOption,
  type VisualMapComponentOption,
} from 'echarts/components';
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { ref } from 'vue';

import { theme } from '../shared/prefs';

use([BarChart, HeatmapChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>;
export type Chart = EChartsType;

const system = matchMedia('(prefers-color-scheme: dark)');
const systemDark = ref(system.matches);
system.addEventListener('change', () => (systemDark.value = system.matches));
/** What the colours follow from: whoever reads it hears of a change. */
export const shade = (): string => `${theme.value} ${systemDark.value}`;

/** A token as it is now, light or dark; an option that is computed from it follows the theme. */
export function token(name: string): string {
  void shade();
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Lines that lie on each other are told apart by their strokes, not by colour alone. */
export const stroke = (i: number): 'solid' | number[] => ([[6, 4], [2, 3], [10, 3, 2, 3], [1, 2], [14, 4]][i - 1] ?? 'solid');

/**
 * zrender empties its root with a string, which Trusted Types refuses. Its roots get a setter
 * that can only empty them.
 */
function emptyable(root: HTMLElement): HTMLElement {
  Object.defineProperty(root, 'innerHTML', { configurable: true, get: () => '', set: () => root.replaceChildren() });
  return root;
}

export function makeChart(place: HTMLElement): Chart {
  const [ink, soft, line, accent, edge, tint] = ['ink', 'ink-2', 'line', 'accent', 'edge', 'accent-line'].map(token);
  const axis = { axisLine: { onZero: false, lineStyle: { color: line } }, axisLabel: { color: soft }, splitLine: { lineStyle: { color: line } } };
  const theme = {
    color: [accent, soft, edge, tint], // warning and danger only where something is wrong
    textStyle: { color: ink, fontFamily: token('sans') },
    legend: { textStyle: { color: soft } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLabel: { color: soft, formatter: (v: number) => String(v).replace('-', '\u2212') } },
    line: { showSymbol: false, lineStyle: { width: 2 } },
  };
  const chart = init(emptyable(place), theme, { renderer: 'canvas' });
  // Tooltips are drawn, not built as HTML.
  chart.setOption({ animation: false, tooltip: { renderMode: 'richText', backgroundColor: token('sheet'), borderColor: line, textStyle: { color: ink } } });
  return chart;
}

/**
 * zrender paints large pictures in parts, frame by frame, and looks only whether the picture is still wanted, not
 * whether its painter is still there: so it is no longer wanted first.
 */
export function endChart(chart: Chart | undefined) {
  if (!chart || chart.isDisposed()) return;
  (chart.getZr().painter as unknown as { _redrawId: number })._redrawId = NaN;
  chart.dispose();
}
