// A spreadsheet of our own making: one sheet of texts, the parts that the format asks for, unpacked.
import { crc32 } from 'node:zlib';

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const column = (i) => (i < 26 ? '' : String.fromCharCode(64 + Math.floor(i / 26))) + String.fromCharCode(65 + (i % 26));
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

function parts(rows) {
  const cells = (row, y) => row.map((text, x) => `<c r="${column(x)}${y + 1}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`).join('');
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${HEAD}<worksheet xmlns="${SHEET}"><sheetData>${rows.map((row, y) => `<row r="${y + 1}">${cells(row, y)}</row>`).join('')}</sheetData></worksheet>`,
  };
}

function header(signature, length, fields) {
  const out = Buffer.alloc(length);
  out.writeUInt32LE(signature, 0);
  for (const [at, value, bytes] of fields) out.writeUIntLE(value, at, bytes);
  return out;
}

/** Rows of texts as the bytes of an XLSX file. */
export function xlsx(rows) {
  const files = [];
  const directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts(rows))) {
    const bytes = Buffer.from(text);
    const called = Buffer.from(name);
    const sums = (at) => [[at, crc32(bytes), 4], [at + 4, bytes.length, 4], [at + 8, bytes.length, 4], [at + 12, called.length, 2]];
    files.push(header(0x04034b50, 30, [[4, 20, 2], ...sums(14)]), called, bytes);
    directory.push(header(0x02014b50, 46, [[4, 20, 2], [6, 20, 2], ...sums(16), [42, offset, 4]]), called);
    offset += 30 + called.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  const count = directory.length / 2;
  return Buffer.concat([...files, central, header(0x06054b50, 22, [[8, count, 2], [10, count, 2], [12, central.length, 4], [16, offset, 4]])]);
}
