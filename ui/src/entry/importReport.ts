// What an import of the registration table says about each row.
import { spoken } from '../shared/api';

export interface Problem {
  /** Of the file, from 1; 0 = the table as a whole. */
  row: number;
  column: string;
  text: string;
}
export interface Report {
  id: string;
  total: number;
  added: number;
  present: number;
  refused: number;
  problems: Problem[];
}

/** By row; `first` marks the first problem of a row, so that its number is shown once. */
export function problemRows(report: Report): (Problem & { first: boolean })[] {
  const sorted = [...report.problems].sort((a, b) => a.row - b.row);
  return sorted.map((p, i) => ({ ...p, first: i === 0 || sorted[i - 1]?.row !== p.row }));
}

/** Browsers name the type of a CSV as they please; the server wants the true one. */
export const tableType = (name: string): string => (/\.xlsx$/i.test(name) ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : /\.csv$/i.test(name) ? 'text/csv' : 'application/octet-stream');

/** A cell that a spreadsheet would take for a formula gets an apostrophe. */
const cell = (text: string): string => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;

/** With a byte order mark, so that spreadsheets read it as UTF-8. */
export const problemsCsv = (report: Report, heads: string[]): string =>
  '\ufeff' + [heads, ...problemRows(report).map((p) => [String(p.row), p.column, spoken('', p.text)])].map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n';
