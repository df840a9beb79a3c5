// Answer sheets without a printer: rendered, filled in with a pencil, and scanned, as grey pictures. Where the bubbles lie is
// said here a second time, from doc/decisions/0047 (src/marking/scan_layout.c): a sheet that is printed
// elsewhere than it is read shows.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

import { truth } from './check.mjs';

const DPI = 150;
const MM = DPI / 25.4;
const LINES = 32;
const LINE = 6.6;
const TOP = 62;
const LEFT = 20;
const COLUMN = 170 / 3;
const NUMBER = 11;
const PITCH = 7;
const [WIDE, HIGH] = [4.8 / 2, 3.6 / 2];

/** The pages of a PDF: {width, height, at: bytes, one a pixel}. */
export function raster(pdf) {
  const folder = mkdtempSync(join(tmpdir(), 'heng-sheets-'));
  try {
    writeFileSync(join(folder, 'in.pdf'), pdf);
    execFileSync('pdftoppm', ['-gray', '-r', String(DPI), join(folder, 'in.pdf'), join(folder, 'p')]);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pgm'))
      .sort()
      .map((name) => {
        const file = readFileSync(join(folder, name));
        const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 40).toString('latin1'));
        return { width: Number(width), height: Number(height), at: Buffer.from(file.subarray(head.length)) };
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The words of a PDF. */
export function textOf(pdf) {
  const folder = mkdtempSync(join(tmpdir(), 'heng-paper-'));
  try {
    writeFileSync(join(folder, 'in.pdf'), pdf);
    return execFileSync('pdftotext', [join(folder, 'in.pdf'), '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where places of one row each lie: three columns, as low a band as holds them, page after page. */
export function rowsOf(count) {
  const out = [];
  for (let page = 0; out.length < count; page++) {
    const height = Math.min(LINES, Math.ceil((count - out.length) / 3));
    for (let column = 0; column < 3; column++) for (let line = 0; line < height && out.length < count; line++) out.push({ page, x: LEFT + column * COLUMN, y: TOP + line * LINE });
  }
  return out;
}

/** A pencil in bubble C of a row: `whole`, or `half` of it. */
export function fill(pages, row, c, how = 'whole') {
  const page = truth(pages[row.page], 'the page of a row');
  const [cx, cy] = [(row.x + NUMBER + PITCH * (c + 0.5)) * MM, (row.y + LINE / 2) * MM];
  for (let y = Math.floor(cy - HIGH * MM); y <= cy + HIGH * MM; y++)
    for (let x = Math.floor(cx - WIDE * MM); x <= cx + WIDE * MM; x++) {
      const [dx, dy] = [(x + 0.5 - cx) / (WIDE * MM), (y + 0.5 - cy) / (HIGH * MM)];
      if (dx * dx + dy * dy > 1 || (how === 'half' && dx > 0)) continue;
      page.at[y * page.width + x] = Math.min(page.at[y * page.width + x], 50);
    }
}

/** As it lies on the glass: DEGREES askew, on paper that is not quite white. */
export function scan(page, degrees) {
  const { width, height } = page;
  const at = Buffer.alloc(width * height, 255);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      const [px, py] = [dx * cos + dy * sin + width / 2, dy * cos - dx * sin + height / 2];
      const [ix, iy] = [Math.floor(px), Math.floor(py)];
      const pixel = (a, b) => (a < 0 || b < 0 || a >= width || b >= height ? 255 : page.at[b * width + a]);
      const [fx, fy] = [px - ix, py - iy];
      const grey = (pixel(ix, iy) * (1 - fx) + pixel(ix + 1, iy) * fx) * (1 - fy) + (pixel(ix, iy + 1) * (1 - fx) + pixel(ix + 1, iy + 1) * fx) * fy;
      at[y * width + x] = 15 + grey * 0.88;
    }
  return { width, height, at };
}

function chunk(name, data) {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(name, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

export function png({ width, height, at }) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) at.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

/** Several pages in one file, not packed. */
export function tiff(pages) {
  const parts = [Buffer.from('II*\0\0\0\0\0', 'latin1')];
  let length = 8;
  let pointer = { in: parts[0], at: 4 };
  for (const { width, height, at } of pages) {
    const entries = [[256, width], [257, height], [258, 8], [259, 1], [262, 1], [273, length], [277, 1], [278, height], [279, at.length]];
    const list = Buffer.alloc(2 + entries.length * 12 + 4);
    list.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, value], i) => {
      list.writeUInt16LE(tag, 2 + i * 12);
      list.writeUInt16LE(4, 4 + i * 12);
      list.writeUInt32LE(1, 6 + i * 12);
      list.writeUInt32LE(value, 10 + i * 12);
    });
    const padded = at.length % 2 ? Buffer.concat([at, Buffer.alloc(1)]) : at;
    pointer.in.writeUInt32LE(length + padded.length, pointer.at);
    pointer = { in: list, at: list.length - 4 };
    parts.push(padded, list);
    length += padded.length + list.length;
  }
  return Buffer.concat(parts);
}
