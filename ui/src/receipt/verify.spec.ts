// S16: a true receipt is accepted, each of more than 200 single-field changes is refused, by both
// ways of checking a signature.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';

import { base64url, hex, sealCode, utf8, type Bytes } from '../exam/bytes';
import { jcsText, type Json } from '../exam/jcs';
import { byEither, byNoble, byWebCrypto, verifyReceipt, type Check } from './verify';

type Row = Record<string, Json>;
const secret = (n: number) => new Uint8Array(32).fill(n);
const pubOf = (n: number) => ed25519.getPublicKey(secret(n)) as Bytes;
const kidOf = (n: number) => hex(sha256(pubOf(n))).slice(0, 8);

function signed(type: string, object: Row, by: number): Row {
  return { ...object, sig: base64url(ed25519.sign(utf8(`heng/${type}/1\n${jcsText(object)}`), secret(by))) };
}
const keyRow = (n: number, use: string, more: Row = {}) =>
  signed('key', { kid: kidOf(n), use, alg: 'Ed25519', pub: base64url(pubOf(n)), from: 1, to: 2, state: 'active', table_version: 1, ...more }, 1);
const table = { type: 'keys', v: 1, keys: [keyRow(1, 'root'), keyRow(2, 'room'), keyRow(3, 'certificate'), keyRow(4, 'room', { state: 'compromised', compromised_at: 100 })] };

const head = sha256(utf8('head')) as Bytes;
function receipt(more: Row = {}): Row {
  return {
    type: 'receipt', v: 1, attempt: 'a'.repeat(32), session: 'b'.repeat(32), paper_sha256: 'c'.repeat(64), epoch: 1, seq: 93,
    head: hex(head), entries: 93, answered: 80, sealed_at: 1_700_000_000_000, seal_code: sealCode(head), batch: 9,
    batch_hash: 'd'.repeat(64), server_ms: 1_700_000_000_500, at: 1_700_000_000_500, alg: 'Ed25519', kid: kidOf(2), ...more,
  };
}
const whole = signed('receipt', receipt(), 2);

/** The nth way to change one value a little. */
function change(value: Json, n: number): Json {
  if (typeof value === 'number') return value + (n % 2 ? -1 : 1) * (1 + (n >> 1));
  const text = String(value);
  const i = n % text.length;
  const other = text[i] === '1' ? '2' : '1';
  return text.slice(0, i) + other + text.slice(i + 1);
}

describe.each<[string, Check]>([['WebCrypto', byWebCrypto], ['noble', byNoble], ['either', byEither]])('a receipt, by %s', (_name, check) => {
  it('is true as it came, whatever the order of its members', async () => {
    expect((await verifyReceipt(JSON.stringify(whole), table, check)).valid).toBe(true);
    expect((await verifyReceipt(JSON.stringify(Object.fromEntries(Object.entries(whole).reverse()), null, 2), table, check)).valid).toBe(true);
  });

  it('is refused with any one field changed', async () => {
    let tried = 0;
    for (const name of Object.keys(whole)) {
      for (let n = 0; n < 11; n++) {
        const changed = { ...whole, [name]: change(whole[name] as Json, n) };
        expect((await verifyReceipt(JSON.stringify(changed), table, check)).valid, `${name}, change ${n}`).toBe(false);
        tried++;
      }
      const less: Row = { ...whole };
      delete less[name];
      expect((await verifyReceipt(JSON.stringify(less), table, check)).valid, `without ${name}`).toBe(false);
    }
    expect(tried).toBeGreaterThanOrEqual(200);
    expect((await verifyReceipt(JSON.stringify({ ...whole, more: 1 }), table, check)).valid).toBe(false);
  });

  it('is refused from the wrong key', async () => {
    const of = (by: number, more: Row = {}) => JSON.stringify(signed('receipt', receipt({ kid: kidOf(by), ...more }), by));
    expect(await verifyReceipt(of(3), table, check)).toMatchObject({ valid: false, why: 'key' });
    expect(await verifyReceipt(of(5), table, check)).toMatchObject({ valid: false, why: 'key' });
    expect(await verifyReceipt(of(4), table, check)).toMatchObject({ valid: false, why: 'compromised' });
    expect((await verifyReceipt(of(4, { at: 99 }), table, check)).valid).toBe(true);
    const forged = { ...table, keys: [...table.keys, { ...keyRow(5, 'room'), use: 'room', state: 'retired' }] };
    expect(await verifyReceipt(of(5), forged, check)).toMatchObject({ valid: false, why: 'key' });
  });
});

it('says what is no receipt at all', async () => {
  expect(await verifyReceipt('hello', table)).toMatchObject({ why: 'not_json' });
  expect(await verifyReceipt('[]', table)).toMatchObject({ why: 'not_json' });
  expect(await verifyReceipt('{}', table)).toMatchObject({ why: 'shape' });
});
