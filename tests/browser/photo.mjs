// A head and shoulders before a white wall, with detail as fine as a camera's, as PNG.
import { crc32, deflateSync } from 'node:zlib';

function chunk(kind, bytes) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), bytes]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(bytes.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

export function photo(number, width = 413, height = 579) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let seed = 12345 + number;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = x / width - 0.5;
      const v = y / height;
      const face = (u * u) / 0.06 + ((v - 0.42) * (v - 0.42)) / 0.06 < 1;
      const body = v > 0.75 && Math.abs(u) < 0.42;
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const grain = face || body ? (seed >>> 28) - 8 : 0;
      const hair = Math.trunc(40 * Math.sin(u * 190) * Math.sin(v * 230));
      const base = face ? 150 + hair : body ? 60 + Math.trunc(hair / 2) + (number % 60) : 255;
      for (let c = 0; c < 3; c++) rows[y * (1 + width * 3) + 1 + x * 3 + c] = Math.min(255, Math.max(0, base + grain - (face ? c * 20 : 0)));
    }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
