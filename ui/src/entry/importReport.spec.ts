import { expect, it } from 'vitest';

import { problemRows, problemsCsv, tableType, type Report } from './importReport';

const report: Report = {
  id: 'r',
  total: 3,
  added: 1,
  present: 0,
  refused: 2,
  problems: [
    { row: 4, column: '手机', text: '应为 11 位' },
    { row: 3, column: '姓名', text: '不能为空' },
    { row: 3, column: '', text: '=HYPERLINK("x")' },
  ],
};

it('groups problems by row', () => {
  expect(problemRows(report).map((p) => [p.row, p.first])).toEqual([[3, true], [3, false], [4, true]]);
});

it('writes them as a table that no spreadsheet runs', () => {
  expect(problemsCsv(report, ['行', '列', '问题'])).toBe('\ufeff"行","列","问题"\r\n"3","姓名","不能为空"\r\n"3","","\'=HYPERLINK(""x"")"\r\n"4","手机","应为 11 位"\r\n');
});

it('knows the type by the name', () => {
  expect(tableType('报名.CSV')).toBe('text/csv');
  expect(tableType('a.xlsx')).toContain('spreadsheetml');
  expect(tableType('a.xls')).toBe('application/octet-stream');
});
