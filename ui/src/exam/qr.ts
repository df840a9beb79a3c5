// A QR code for upper-case letters and figures (alphanumeric mode, level M, versions 1 to 6): the
// hash of a sealed journal. ISO/IEC 18004; a picture from elsewhere would be a request of its own.

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
/** Per version: data bytes of one block, blocks, correction bytes of a block; places of the second marks. */
const VERSIONS = [
  { data: 16, blocks: 1, ec: 10, mark: 0 },
  { data: 28, blocks: 1, ec: 16, mark: 18 },
  { data: 44, blocks: 1, ec: 26, mark: 22 },
  { data: 32, blocks: 2, ec: 18, mark: 26 },
  { data: 43, blocks: 2, ec: 24, mark: 30 },
  { data: 27, blocks: 4, ec: 16, mark: 34 },
] as const;

type Version = (typeof VERSIONS)[number];
type Grid = Uint8Array[];

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
const times = (a: number, b: number) => (a && b ? (EXP[(LOG[a] as number) + (LOG[b] as number)] as number) : 0);

/** Reed-Solomon: what is left of data · x^count divided by the generator. */
export function correction(data: Uint8Array, count: number): Uint8Array {
  let generator = Uint8Array.of(1);
  for (let i = 0; i < count; i++) {
    const next = new Uint8Array(generator.length + 1);
    generator.forEach((g, j) => {
      next[j] = (next[j] as number) ^ g;
      next[j + 1] = (next[j + 1] as number) ^ times(g, EXP[i] as number);
    });
    generator = next;
  }
  const rest = new Uint8Array(data.length + count);
  rest.set(data);
  for (let i = 0; i < data.length; i++) {
    const lead = rest[i] as number;
    generator.forEach((g, j) => (rest[i + j] = (rest[i + j] as number) ^ times(g, lead)));
  }
  return rest.slice(data.length);
}

function dataBytes(text: string, version: Version): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  put(0b0010, 4);
  put(text.length, 9);
  for (let i = 0; i < text.length; i += 2) {
    const [a, b] = [LETTERS.indexOf(text.charAt(i)), LETTERS.indexOf(text.charAt(i + 1))];
    if (i + 1 < text.length) put(a * 45 + b, 11);
    else put(a, 6);
  }
  const size = version.data * version.blocks;
  put(0, Math.min(4, size * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const out = new Uint8Array(size).map((_, i) => ((i - bits.length / 8) % 2 ? 0x11 : 0xec));
  for (let i = 0; i < bits.length; i += 8) out[i / 8] = parseInt(bits.slice(i, i + 8).join(''), 2);
  return out;
}

/** Blocks side by side, first the data, then the correction. */
function interleaved(data: Uint8Array, version: Version): number[] {
  const blocks = Array.from({ length: version.blocks }, (_, i) => data.slice(i * version.data, (i + 1) * version.data));
  const fixes = blocks.map((block) => correction(block, version.ec));
  const out: number[] = [];
  for (let i = 0; i < version.data; i++) for (const block of blocks) out.push(block[i] as number);
  for (let i = 0; i < version.ec; i++) for (const fix of fixes) out.push(fix[i] as number);
  return out;
}

const put = (grid: Grid, x: number, y: number, dark: boolean | number) => {
  const row = grid[y];
  if (row && x >= 0 && x < row.length) row[x] = dark ? 1 : 0;
};

/** Everything but the data. 2 stands where data goes. */
function frame(size: number, mark: number): Grid {
  const grid = Array.from({ length: size }, () => new Uint8Array(size).fill(2));
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        put(grid, cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
    }
  }
  if (mark) for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) put(grid, mark + dx, mark + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  for (let i = 8; i < size - 8; i++) {
    put(grid, i, 6, i % 2 === 0);
    put(grid, 6, i, i % 2 === 0);
  }
  format(grid, 0);
  return grid;
}

function format(grid: Grid, mask: number): void {
  const size = grid.length;
  let rest = mask; // level M is 00
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ (rest >> 9 ? 0x537 : 0);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number) => (bits >> i) & 1;
  for (let i = 0; i < 6; i++) put(grid, 8, i, bit(i));
  put(grid, 8, 7, bit(6));
  put(grid, 8, 8, bit(7));
  put(grid, 7, 8, bit(8));
  for (let i = 9; i < 15; i++) put(grid, 14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) put(grid, size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) put(grid, 8, size - 15 + i, bit(i));
  put(grid, 8, size - 8, 1);
}

const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function fill(blank: Grid, bytes: number[], mask: number): Grid {
  const grid = blank.map((row) => row.slice());
  const size = grid.length;
  const flip = MASKS[mask] as (x: number, y: number) => boolean;
  let at = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (blank[y]?.[x] !== 2) continue;
        const bit = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
        at++;
        put(grid, x, y, flip(x, y) !== (bit === 1));
      }
    }
  }
  format(grid, mask);
  return grid;
}

/** The penalties of the standard: long runs, squares, what looks like a corner, imbalance. */
function penalty(grid: Grid): number {
  const size = grid.length;
  let sum = 0;
  let dark = 0;
  const lines = [...grid.map((row) => row.join('')), ...grid.map((_, x) => grid.map((row) => row[x]).join(''))];
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    for (let i = 0; i + 11 <= size; i++) if (/^(00001011101|10111010000)/.test(line.slice(i))) sum += 40;
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = grid[y]?.[x];
      dark += cell ?? 0;
      if (cell === grid[y]?.[x + 1] && cell === grid[y + 1]?.[x] && cell === grid[y + 1]?.[x + 1]) sum += 3;
    }
  }
  return sum + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}

/** Rows of modules, 1 is dark. */
export function qr(text: string): Grid {
  if ([...text].some((c) => !LETTERS.includes(c))) throw new RangeError('not for alphanumeric mode');
  const bits = 13 + Math.floor(text.length / 2) * 11 + (text.length % 2) * 6;
  const index = VERSIONS.findIndex((v) => v.data * v.blocks * 8 >= bits);
  const version = VERSIONS[index];
  if (!version) throw new RangeError('too long');
  const bytes = interleaved(dataBytes(text, version), version);
  const blank = frame(21 + 4 * index, version.mark);
  const all = MASKS.map((_, mask) => fill(blank, bytes, mask));
  return all.reduce((best, grid) => (penalty(grid) < penalty(best) ? grid : best));
}

/** For an SVG path: one stroke for each run of dark modules, behind four quiet ones. */
export function qrPath(grid: Grid): string {
  let path = '';
  grid.forEach((row, y) => {
    for (const run of row.join('').matchAll(/1+/g)) path += `M${4 + (run.index ?? 0)} ${4 + y}h${run[0].length}v1h-${run[0].length}z`;
  });
  return path;
}
