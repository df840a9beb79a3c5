import { expect, it } from 'vitest';

import { areaNames, componentName, earlier, newest, type Result } from './portalResults';

const result = (component: string, version: number): Result => ({ entry: 'e', component, version, kind: 'marked', millimarks: 0, full: 100000, pass: 60000, passed: false, areas: [], reason: null, published_ms: 1 });
const programme = { components: [{ id: 'theory', name: '理论知识考试' }, { id: 'skills', name: '操作技能考核' }], weights: [{ rows: [{ name: '职业道德', cells: [{ area: 'B2.1' }] }] }] };

it('shows the newest version of each component in the order of the programme', () => {
  const all = [result('skills', 1), result('theory', 1), result('theory', 2)];
  expect(newest(all, programme).map((r) => [r.component, r.version])).toEqual([['theory', 2], ['skills', 1]]);
  expect(earlier(all, result('theory', 2)).map((r) => r.version)).toEqual([1]);
});

it('names areas and components, and falls back to what it was told', () => {
  expect(areaNames(programme)).toEqual({ 'B2.1': '职业道德' });
  expect(componentName(programme, 'skills')).toBe('操作技能考核');
  expect(componentName({}, 'x')).toBe('x');
});
