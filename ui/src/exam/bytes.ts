// Bytes and the ways the exam protocol writes them: big-endian numbers, hex, base64url, Crockford.

export type Bytes = Uint8Array<ArrayBuffer>;

export const NONE: Bytes = new Uint8Array(0);

const encoder = new TextEncoder();
export const utf8 = (text: string): Bytes => encoder.encode(text) as Bytes;

/** Refuses what is no UTF-8, instead of showing replacement marks. */
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

export function join(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function be32(value: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

const TWO_32 = 0x1_0000_0000;

/** Exact up to 2^53, which holds every instant in milliseconds. */
export function setBe64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / TWO_32));
  view.setUint32(at + 4, value % TWO_32);
}

export const getBe64 = (view: DataView, at: number): number => view.getUint32(at) * TWO_32 + view.getUint32(at + 4);

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

export function unhex(text: string): Bytes {
  if (text.length % 2 || /[^0-9a-f]/.test(text)) throw new RangeError('not lower-case hex');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function base64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

export function unbase64url(text: string): Bytes {
  if (/[^\w-]/.test(text) || text.length % 4 === 1) throw new RangeError('not base64url');
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Seal code: the first 80 bits as four groups of four. */
export function sealCode(hash: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let out = '';
  for (const byte of hash.subarray(0, 10)) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += CROCKFORD[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return (out.match(/.{4}/g) ?? []).join('-');
}

export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
