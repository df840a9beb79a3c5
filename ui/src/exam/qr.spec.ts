// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { sealCode, unhex } from './bytes';
import { correction, qr, qrPath } from './qr';

describe('the QR code', () => {
  it('corrects as the example of ISO/IEC 18004 Annex I does', () => {
    // "01234567" in version 1-M
    const data = unhex('10200c566180ec11ec11ec11ec11ec11');
    expect([...correction(data, 10)]).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55]);
  });

  it('is version 4 for a hash, with its corners and timing lines', () => {
    const grid = qr('0123456789ABCDEF'.repeat(4));
    expect(grid).toHaveLength(33);
    expect(grid.every((row) => row.length === 33 && row.every((m) => m === 0 || m === 1))).toBe(true);
    const corner = (x: number, y: number) => Array.from({ length: 7 }, (_, i) => [...(grid[y + i] as Uint8Array).slice(x, x + 7)].join('')).join(' ');
    const eye = '1111111 1000001 1011101 1011101 1011101 1000001 1111111';
    expect([corner(0, 0), corner(26, 0), corner(0, 26)]).toEqual([eye, eye, eye]);
    for (let i = 8; i < 25; i++) expect([grid[6]?.[i], grid[i]?.[6]]).toEqual([(i + 1) % 2, (i + 1) % 2]);
    expect(qrPath(grid).startsWith('M4 4h7v1h-7z')).toBe(true);
  });

  it('grows with the text and refuses what it cannot hold', () => {
    expect([qr('A').length, qr('A'.repeat(30)).length, qr('A'.repeat(120)).length]).toEqual([21, 25, 37]);
    expect(() => qr('abc')).toThrow(RangeError);
    expect(() => qr('A'.repeat(200))).toThrow(RangeError);
  });
});

it('writes the seal code in four groups of four, without I L O U', () => {
  expect(sealCode(unhex('00'.repeat(32)))).toBe('0000-0000-0000-0000');
  expect(sealCode(unhex('ff'.repeat(32)))).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ');
  expect(sealCode(unhex('0123456789abcdef0123' + '00'.repeat(22)))).toBe('04HM-ASW9-NF6Y-Y093');
});
