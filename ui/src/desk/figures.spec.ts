import { describe, expect, it } from 'vitest';

import { figuresOf } from './figures';

describe('figuresOf', () => {
  it('reads lines and bars over categories, a column for each', () => {
    const figures = figuresOf({
      xAxis: { type: 'category', name: '场次', data: ['一\n场', '二场'] },
      yAxis: { type: 'value', name: '人数' },
      series: [
        { type: 'line', name: '得分率', data: [0.5, null] },
        { type: 'bar', data: [{ value: -3, itemStyle: { color: 'red' } }, { value: 4 }] },
      ],
    });
    expect(figures.head).toEqual(['场次', '得分率', '人数']);
    expect(figures.rows).toEqual([
      { name: '一 场', cells: ['0.5', '−3'] }, // whole numbers stay whole
      { name: '二场', cells: ['—', '4'] },
    ]);
  });

  it('writes values as the tooltip does', () => {
    const figures = figuresOf({ tooltip: { valueFormatter: (v) => `${Number(v) * 100}%` }, xAxis: { type: 'category', data: ['a'] }, series: [{ type: 'line', name: 'p', data: [0.5] }] });
    expect(figures.rows[0]?.cells).toEqual(['50%']);
  });

  it('joins lines over numbers by their place', () => {
    const figures = figuresOf({
      xAxis: { type: 'value', name: 'θ' },
      yAxis: [{ type: 'value' }, { type: 'value' }],
      series: [
        { type: 'line', name: '信息量', data: [[0, 2], [-1, 1]] },
        { type: 'line', name: '误差', yAxisIndex: 1, data: [[-1, null], [0, 0.7]] },
      ],
    });
    expect(figures.head).toEqual(['θ', '信息量', '误差']);
    expect(figures.rows).toEqual([
      { name: '−1', cells: ['1', '—'] },
      { name: '0', cells: ['2', '0.7'] },
    ]);
  });

  it('writes the numbers of a column with equally many decimals', () => {
    const figures = figuresOf({ xAxis: { type: 'category', data: ['a', 'b', 'c'] }, series: [{ type: 'line', name: 'v', data: [1, -0.25, 9.6] }] });
    expect(figures.rows.map((r) => r.cells[0])).toEqual(['1.00', '−0.25', '9.60']);
  });

  it('reads a heat map as it is seen, from the top', () => {
    const option = (inverse: boolean) => ({
      xAxis: { type: 'category' as const, data: ['单选', '多选'] },
      yAxis: { type: 'category' as const, inverse, data: ['甲', '乙'] },
      series: [{ type: 'heatmap' as const, data: [[0, 0, 5], [1, 0, 0], { value: [1, 1, 3] }] }],
    });
    expect(figuresOf(option(true))).toEqual({ head: ['', '单选', '多选'], rows: [{ name: '甲', cells: ['5', '0'] }, { name: '乙', cells: ['', '3'] }] });
    expect(figuresOf(option(false)).rows.map((r) => r.name)).toEqual(['乙', '甲']);
  });
});
