import { expect, it } from 'vitest';

import { counts, modulesBeside, seek, seekBasic, seekModules, seekNames, type Basic, type Fn } from './file';

const point = (code: string, text: string) => ({ id: code, code, text });
const functions: Fn[] = [
  { id: 'F1', code: '4.1', name: '市场分析', level: 4, directions: ['A'], contents: [{ id: 'W1', code: '4.1.1', name: '行业分析', skills: [point('4.1.1.1', '能搜集素材'), point('4.1.1.2', '能编撰报告')], knowledge: [point('4.1.1.1', '素材搜集方法')] }] },
  { id: 'F2', code: '4.2', name: '内容创作', level: 4, directions: ['A'], contents: [{ id: 'W2', code: '4.2.1', name: '文案', skills: [point('4.2.1.1', '能写文案')] }] },
];

it('finds points and keeps the road to them', () => {
  const found = seek(functions, '素材');
  expect(found.map((f) => f.name)).toEqual(['市场分析']);
  expect(counts(found)).toEqual({ functions: 1, contents: 1, skills: 1, knowledge: 1 });
});

it('keeps all below a hit above', () => {
  expect(counts(seek(functions, '4.1.1 行业'))).toEqual({ functions: 1, contents: 1, skills: 2, knowledge: 1 });
  expect(seek(functions, '没有这个')).toEqual([]);
  expect(seek(functions, ' ')).toBe(functions);
});

it('seeks names', () => {
  const list = { id: 'm', name: '相关专业', items: ['市场营销', '电子商务'] };
  expect(seekNames(list, '电子')).toEqual(['电子商务']);
  expect(seekNames(list, '专业')).toHaveLength(2);
});

const areas: Basic[] = [{ id: 'B1', code: '1.1', name: '行业通论', sections: [{ id: 'B1.1', code: '1.1.1', name: '职业成长路径', items: [] }, { id: 'B1.2', code: '1.1.2', name: '心理建设', items: [{ code: '1.1.2.1', text: '压力管理' }] }] }];

it('seeks areas and courses', () => {
  expect(seekBasic(areas, '压力')[0]?.sections?.map((s) => s.name)).toEqual(['心理建设']);
  expect(seekBasic(areas, '行业')[0]?.sections).toHaveLength(2);
  expect(seekBasic(areas, '没有这个')).toEqual([]);
  expect(seekModules([{ no: '二', name: '岗位技能', courses: [{ name: '短视频' }, { name: '直播设备' }] }], '设备')).toEqual([{ no: '二', name: '岗位技能', courses: [{ name: '直播设备' }] }]);
});

it('shows courses once where areas repeat them', () => {
  const same = { no: '二', name: '行业通论', courses: [{ name: '职业成长路径' }, { name: '心理建设' }] };
  const more = { ...same, courses: [...same.courses, { name: '考前辅导' }] };
  expect(modulesBeside([same], areas)).toEqual([]);
  expect(modulesBeside([more], areas)).toEqual([more]);
  expect(modulesBeside([same], [])).toEqual([same]);
});
