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

/** A token as it is now, light or dark. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/**
 * zrender empties its root with a string, which Trusted Types refuses. Its roots get a setter
 * that can only empty them.
 */
function emptyable(root: HTMLElement): HTMLElement {
  Object.defineProperty(root, 'innerHTML', { configurable: true, get: () => '', set: () => root.replaceChildren() });
  return root;
}

export function makeChart(place: HTMLElement): Chart {
  const [ink, soft, line, accent, heat, edge] = ['ink', 'ink-2', 'line', 'accent', 'heat-4', 'edge'].map(token);
  const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft }, splitLine: { lineStyle: { color: line } } };
  const theme = {
    color: [accent, heat, soft, edge], // warning and danger only where something is wrong
    textStyle: { color: ink, fontFamily: token('sans') },
    legend: { textStyle: { color: soft } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    line: { showSymbol: false, lineStyle: { width: 2 } },
  };
  const chart = init(emptyable(place), theme, { renderer: 'canvas' });
  // Tooltips are drawn, not built as HTML.
  chart.setOption({ animation: false, tooltip: { renderMode: 'richText', backgroundColor: token('sheet'), borderColor: line, textStyle: { color: ink } } });
  return chart;
}
