// Is a hand-in receipt true? Only the key table and the receipt are needed (SECURITY §2.6, §5.4).
// Ed25519 by WebCrypto where the browser has it, else by @noble/curves: both are told the same bytes.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { equal, hex, sealCode, unbase64url, unhex, utf8, type Bytes } from '../exam/bytes';
import { jcsText, type Json } from '../exam/jcs';

interface Key {
  kid: string;
  use: string;
  pub: Bytes;
  state: string;
  compromisedAt: number;
}

export type Why = 'not_json' | 'shape' | 'code' | 'type' | 'key' | 'compromised' | 'signature';
export type Verdict = { valid: true; receipt: Record<string, Json> } | { valid: false; why: Why; field: string };

const HEX: Record<string, number> = { attempt: 32, session: 32, paper_sha256: 64, head: 64, batch_hash: 64 };
const NUMBERS = ['epoch', 'seq', 'entries', 'answered', 'batch', 'sealed_at', 'server_ms', 'at', 'v'];

/** How a signature is checked; the tests name one, the page takes what it finds. */
export type Check = (signature: Bytes, message: Bytes, pub: Bytes) => Promise<boolean>;

export const byNoble: Check = (signature, message, pub) => {
  try {
    // As RFC 8032 and libsodium: no small-order points, no second form of a number.
    return Promise.resolve(ed25519.verify(signature, message, pub, { zip215: false }));
  } catch {
    return Promise.resolve(false);
  }
};

export const byWebCrypto: Check = async (signature, message, pub) => {
  const key = await crypto.subtle.importKey('raw', pub, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message);
};

export const byEither: Check = async (signature, message, pub) => {
  try {
    return await byWebCrypto(signature, message, pub);
  } catch {
    return byNoble(signature, message, pub); // this browser knows no Ed25519
  }
};

const isObject = (value: unknown): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);

function message(type: string, object: Record<string, Json>): Bytes {
  const bare = { ...object };
  delete bare['sig'];
  return utf8(`heng/${type}/1\n${jcsText(bare)}`);
}

/** The canonical form only: an encoding with other spare bits is another text. */
function bytesOf(value: Json | undefined, length: number): Bytes | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const bytes = unbase64url(value);
    const again = btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    return bytes.length === length && again === value ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The rows whose root signature and key number are right; an unsigned row counts for nothing. */
export async function readKeys(table: unknown, check: Check): Promise<Key[]> {
  const rows = isObject(table) && Array.isArray(table['keys']) ? table['keys'].filter(isObject) : [];
  const root = bytesOf(rows.find((row) => row['use'] === 'root')?.['pub'], 32);
  const keys: Key[] = [];
  for (const row of rows) {
    const pub = bytesOf(row['pub'], 32);
    const signature = bytesOf(row['sig'], 64);
    if (!root || !pub || !signature || row['alg'] !== 'Ed25519') continue;
    if (row['kid'] !== hex(sha256(pub)).slice(0, 8)) continue;
    if (!(await check(signature, message('key', row), root))) continue;
    keys.push({ kid: row['kid'], use: String(row['use']), pub, state: String(row['state']), compromisedAt: Number(row['compromised_at'] ?? 0) });
  }
  return keys;
}

function shape(receipt: Record<string, Json>): string | undefined {
  for (const [name, length] of Object.entries(HEX)) {
    const value = receipt[name];
    if (typeof value !== 'string' || value.length !== length || /[^0-9a-f]/.test(value)) return name;
  }
  return NUMBERS.find((name) => !Number.isSafeInteger(receipt[name]));
}

const no = (why: Why, field: string): Verdict => ({ valid: false, why, field });

export async function verifyReceipt(text: string, table: unknown, check: Check = byEither): Promise<Verdict> {
  let receipt: unknown;
  try {
    receipt = JSON.parse(text);
  } catch {
    return no('not_json', '');
  }
  if (!isObject(receipt)) return no('not_json', '');
  const wrong = shape(receipt);
  if (wrong) return no('shape', wrong);
  if (receipt['seal_code'] !== sealCode(unhex(String(receipt['head'])))) return no('code', 'seal_code');
  if (receipt['type'] !== 'receipt' || receipt['v'] !== 1 || receipt['alg'] !== 'Ed25519') return no('type', 'type');
  const key = (await readKeys(table, check)).find((one) => one.kid === receipt['kid'] && one.use === 'room');
  if (!key) return no('key', 'kid');
  if (key.state === 'compromised' && Number(receipt['at']) >= key.compromisedAt) return no('compromised', 'kid');
  const signature = bytesOf(receipt['sig'], 64);
  if (!signature || equal(signature, new Uint8Array(64))) return no('signature', 'sig');
  return (await check(signature, message('receipt', receipt), key.pub)) ? { valid: true, receipt } : no('signature', 'sig');
}
