// SHA-256, HMAC and AES-256-GCM without WebCrypto, for weak mode only: a page that is not in a
// secure context has no crypto.subtle. Not constant in time; the device is the candidate's own.
import { be32, join, viewOf, type Bytes } from './bytes';

const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // The constants are the fractions of roots of the first primes.
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
}

function fraction(x: number): number {
  return Math.floor((x - Math.floor(x)) * 0x1_0000_0000);
}

const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n));

export function sha256(data: Uint8Array): Bytes {
  const length = data.length;
  const padded = new Uint8Array(((length + 8) >> 6) * 64 + 64);
  padded.set(data);
  padded[length] = 0x80;
  const view = viewOf(padded);
  view.setUint32(padded.length - 8, Math.floor(length / 0x2000_0000));
  view.setUint32(padded.length - 4, (length << 3) >>> 0);

  const h = START.slice();
  const w = new Uint32Array(64);
  const at = (i: number) => w[i] as number;
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(block + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = at(i - 15);
      const b = at(i - 2);
      w[i] = at(i - 16) + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + at(i - 7) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, last = 0] = h;
    for (let i = 0; i < 64; i++) {
      const t1 = (last + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (K[i] as number) + at(i)) | 0;
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [last, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, last].forEach((x, i) => (h[i] = (h[i] as number) + x));
  }
  return join(...Array.from(h, be32));
}

export function hmac(key: Uint8Array, data: Uint8Array): Bytes {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? sha256(key) : key);
  return sha256(join(block.map((b) => b ^ 0x5c), sha256(join(block.map((b) => b ^ 0x36), data))));
}

const SBOX = new Uint8Array(256);
{
  let p = 1;
  let q = 1;
  do {
    p = (p ^ (p << 1) ^ (p & 0x80 ? 0x11b : 0)) & 255; // times 3
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 255;
    if (q & 0x80) q ^= 9; // divided by 3
    const r = (n: number) => ((q << n) | (q >> (8 - n))) & 255;
    SBOX[p] = q ^ r(1) ^ r(2) ^ r(3) ^ r(4) ^ 0x63;
  } while (p !== 1);
  SBOX[0] = 0x63;
}
const box = (x: number) => SBOX[x & 255] as number;
const twice = (x: number) => ((x << 1) ^ (x & 0x80 ? 0x11b : 0)) & 255;

function expand(key: Uint8Array): Uint8Array {
  const out = new Uint8Array(240);
  out.set(key);
  let round = 1;
  for (let i = 32; i < 240; i += 4) {
    let t = out.slice(i - 4, i);
    if (i % 32 === 0) {
      t = Uint8Array.of(box(t[1] as number) ^ round, box(t[2] as number), box(t[3] as number), box(t[0] as number));
      round = twice(round);
    } else if (i % 32 === 16) t = t.map(box);
    for (let j = 0; j < 4; j++) out[i + j] = (out[i + j - 32] as number) ^ (t[j] as number);
  }
  return out;
}

function block(keys: Uint8Array, input: Uint8Array): Uint8Array {
  let s = input.map((b, i) => b ^ (keys[i] as number));
  for (let round = 1; round <= 14; round++) {
    const t = new Uint8Array(16);
    for (let i = 0; i < 16; i++) t[i] = box(s[(i + 4 * (i % 4)) % 16] as number); // bytes and rows
    s = t;
    if (round < 14) {
      for (let c = 0; c < 16; c += 4) {
        const [a = 0, b = 0, d = 0, e = 0] = s.subarray(c, c + 4);
        const all = a ^ b ^ d ^ e;
        s[c] = a ^ all ^ twice(a ^ b);
        s[c + 1] = b ^ all ^ twice(b ^ d);
        s[c + 2] = d ^ all ^ twice(d ^ e);
        s[c + 3] = e ^ all ^ twice(e ^ a);
      }
    }
    for (let i = 0; i < 16; i++) s[i] = (s[i] as number) ^ (keys[16 * round + i] as number);
  }
  return s;
}

function ghash(h: Uint8Array, data: Uint8Array): Uint8Array {
  const view = viewOf(data);
  const [h0, h1, h2, h3] = [0, 4, 8, 12].map((i) => viewOf(h).getUint32(i)) as [number, number, number, number];
  let [y0, y1, y2, y3] = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at += 16) {
    const x = [y0 ^ view.getUint32(at), y1 ^ view.getUint32(at + 4), y2 ^ view.getUint32(at + 8), y3 ^ view.getUint32(at + 12)];
    let [v0, v1, v2, v3] = [h0, h1, h2, h3];
    [y0, y1, y2, y3] = [0, 0, 0, 0];
    for (let bit = 0; bit < 128; bit++) {
      if (((x[bit >> 5] as number) >>> (31 - (bit & 31))) & 1) {
        y0 ^= v0;
        y1 ^= v1;
        y2 ^= v2;
        y3 ^= v3;
      }
      const low = v3 & 1;
      v3 = (v3 >>> 1) | (v2 << 31);
      v2 = (v2 >>> 1) | (v1 << 31);
      v1 = (v1 >>> 1) | (v0 << 31);
      v0 = (v0 >>> 1) ^ (low ? 0xe1000000 : 0);
    }
  }
  return join(...[y0, y1, y2, y3].map((y) => be32(y >>> 0)));
}

const filled = (data: Uint8Array) => join(data, new Uint8Array((16 - (data.length % 16)) % 16));

function gcm(key: Uint8Array, nonce: Uint8Array, data: Uint8Array) {
  const keys = expand(key);
  const out = new Uint8Array(data.length);
  for (let at = 0, count = 2; at < data.length; at += 16, count++) {
    const stream = block(keys, join(nonce, be32(count)));
    for (let i = at; i < Math.min(at + 16, data.length); i++) out[i] = (data[i] as number) ^ (stream[i - at] as number);
  }
  const tag = (ad: Uint8Array, cipher: Uint8Array) => {
    const lengths = join(be32(0), be32(ad.length * 8), be32(0), be32(cipher.length * 8));
    const sum = ghash(block(keys, new Uint8Array(16)), join(filled(ad), filled(cipher), lengths));
    const first = block(keys, join(nonce, be32(1)));
    return sum.map((b, i) => b ^ (first[i] as number));
  };
  return { out, tag };
}

export function aesSeal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plain: Uint8Array): Bytes {
  const { out, tag } = gcm(key, nonce, plain);
  return join(out, tag(ad, out));
}

export function aesOpen(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, sealed: Uint8Array): Bytes {
  const cipher = sealed.subarray(0, sealed.length - 16);
  const { out, tag } = gcm(key, nonce, cipher);
  const said = sealed.subarray(sealed.length - 16);
  if (tag(ad, cipher).reduce((sum, b, i) => sum | (b ^ (said[i] ?? ~b)), 0)) throw new Error('the tag is wrong');
  return out;
}
