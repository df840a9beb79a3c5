// @vitest-environment node
// The vectors of data/samples/journal are read by the server's test, too: both must make the same bytes.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { base64url, hex, join, random, sealCode, unbase64url, unhex, utf8 } from './bytes';
import { jcs, jcsText, type Json } from './jcs';
import { emergencyFile, firstBefore, oneSave, readEntry, saveBody, saveTag, SAVE_BYTES_MAX, writeEntry, writeSigned, type Entry, type EntryFields } from './journal';
import { aesOpen, hmac, importAes, importMac, makeDevice, sha256 } from './keys';
import * as plain from './plain';

interface Vector {
  about: string;
  attempt: string;
  epoch: number;
  save: string;
  paper_sha256: string;
  pub: string;
  main_head: string;
  first_before: string;
  entries: { fields: { seq: number; kind: number; item: number; client_ms: number; mono_ms: number; ledger: number; before: string; payload: string }; bytes: string; hash: string; signed_payload?: string }[];
  tag: string;
  body: string;
  seal_code: string;
}

const folder = new URL('../../../data/samples/journal/', import.meta.url);
const vectors = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector);

const fieldsOf = (v: Vector, e: Vector['entries'][number]): EntryFields => ({
  attempt: unhex(v.attempt),
  epoch: v.epoch,
  seq: e.fields.seq,
  kind: e.fields.kind,
  item: e.fields.item,
  clientMs: e.fields.client_ms,
  monoMs: e.fields.mono_ms,
  ledgerNo: e.fields.ledger,
  before: unhex(e.fields.before),
});

async function verify(pub: Uint8Array<ArrayBuffer>, sig: string, data: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', pub, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, unbase64url(sig), data);
}

describe.each(vectors)('vector: $about', (v) => {
  it('makes the same bytes and hashes', async () => {
    expect(v.entries.length).toBeGreaterThan(1);
    for (const e of v.entries) {
      if (e.signed_payload) continue;
      const made = await writeEntry(fieldsOf(v, e), JSON.parse(e.fields.payload) as Json);
      expect(hex(made.bytes)).toBe(e.bytes);
      expect(hex(made.hash)).toBe(e.hash);
    }
  });

  it('links them, from the paper, the device and what came before', async () => {
    const before = await firstBefore(unhex(v.attempt), v.epoch, unhex(v.paper_sha256), unhex(v.pub), unhex(v.main_head));
    expect(hex(before)).toBe(v.first_before);
    let prev = v.first_before;
    for (const e of v.entries) {
      expect(e.fields.before).toBe(prev);
      prev = hex(await sha256(unhex(e.bytes)));
    }
    expect(sealCode(unhex(prev))).toBe(v.seal_code);
  });

  it('tags the save, with and without WebCrypto', async () => {
    const entries: Entry[] = v.entries.map((e) => ({ epoch: v.epoch, seq: e.fields.seq, hash: unhex(e.hash), bytes: unhex(e.bytes) }));
    const strong = await importMac(unhex(v.save), false);
    expect(hex(await saveTag(strong, unhex(v.attempt), entries))).toBe(v.tag);
    expect(hex(await saveBody(unhex(v.save), unhex(v.attempt), entries))).toBe(v.body);
  });

  it('reads back what it wrote', () => {
    for (const e of v.entries) {
      const { payload, ...fields } = readEntry(unhex(e.bytes));
      expect(fields).toEqual(fieldsOf(v, e));
      expect(hex(payload)).toBe(hex(utf8(e.fields.payload)));
    }
  });

  it('carries true device signatures', async () => {
    for (const e of v.entries) {
      if (!e.signed_payload) continue;
      const { sig } = JSON.parse(e.fields.payload) as { sig: string };
      const data = join(utf8('HNS1'), unhex(e.bytes).subarray(4, 88), await sha256(utf8(e.signed_payload)));
      expect(await verify(unhex(v.pub), sig, data)).toBe(true);
    }
  });
});

describe('entries', () => {
  const fields: EntryFields = { attempt: random(16), epoch: 1, seq: 9, kind: 11, item: 0, clientMs: 1, monoMs: 2, ledgerNo: 3, before: random(32) };

  it('signs a seal so that the head in the signature is the head that is sent', async () => {
    const device = await makeDevice(false);
    const payload = { answered: 80, deadline_ms: 0, ledger: 3, reason: 'hand_in' };
    const { bytes } = await writeSigned(fields, payload, device);
    const { sig, ...rest } = JSON.parse(new TextDecoder().decode(readEntry(bytes).payload)) as { sig: string };
    expect(sig).toHaveLength(86);
    expect(rest).toEqual(payload);
    expect(await verify(device.pub, sig, join(utf8('HNS1'), bytes.subarray(4, 88), await sha256(jcs(payload))))).toBe(true);
    expect((device.sign as CryptoKey).extractable).toBe(false);
  });

  it('writes a seal without signature in weak mode', async () => {
    const weak = await makeDevice(true);
    expect(weak.pub).toHaveLength(65);
    expect(weak.pub[0]).toBe(4);
    const { bytes } = await writeSigned(fields, { reason: 'deadline' }, weak);
    expect(new TextDecoder().decode(readEntry(bytes).payload)).toBe('{"reason":"deadline"}');
  });

  it('refuses a payload above 64 KiB and reads no mutated length', async () => {
    await expect(writeEntry(fields, 'x'.repeat(65_535))).rejects.toThrow(RangeError);
    const { bytes } = await writeEntry(fields, null);
    expect(() => readEntry(bytes.slice(0, -1))).toThrow(RangeError);
    expect(() => readEntry(Uint8Array.from(bytes, (b, i) => (i === 0 ? 0 : b)))).toThrow(RangeError);
  });

  it('never puts more than 256 entries, 256 KiB or two epochs into a save', () => {
    const make = (epoch: number, seq: number, size: number): Entry => ({ epoch, seq, hash: random(32), bytes: new Uint8Array(size) });
    expect(oneSave(Array.from({ length: 300 }, (_, i) => make(1, i + 1, 100)))).toHaveLength(256);
    const big = oneSave(Array.from({ length: 10 }, (_, i) => make(1, i + 1, 60_000)));
    expect(big).toHaveLength(4);
    expect(big.reduce((sum, e) => sum + e.bytes.length, 32)).toBeLessThanOrEqual(SAVE_BYTES_MAX);
    expect(oneSave([make(1, 1, 100), make(2, 1, 100)])).toHaveLength(1);
    expect(oneSave([make(1, 1, 88 + 65_536)])).toHaveLength(1);
  });

  it('seals an emergency file that opens to the save', async () => {
    const raw = random(32);
    const body = utf8('a save body');
    const made = await emergencyFile(await importAes(raw, false), fields.attempt, 7, random(12), body);
    expect(hex(made.slice(0, 24))).toBe(hex(join(utf8('HNE1'), fields.attempt, Uint8Array.of(0, 0, 0, 7))));
    for (const key of [raw, await importAes(raw, false)]) expect(hex(await aesOpen(key, made.slice(24, 36), made.slice(0, 36), made.slice(36)))).toBe(hex(body));
    made[20] = 1; // another epoch
    await expect(aesOpen(raw, made.slice(24, 36), made.slice(0, 36), made.slice(36))).rejects.toThrow();
  });
});

describe('JCS', () => {
  it('orders members by UTF-16 units and writes numbers as the RFC does', () => {
    expect(jcsText({ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\u0080': 5, '\ufb33': 6 })).toBe('{"\\r":2,"1":3,"\u0080":5,"\u20ac":1,"\ud83d\ude00":4,"\ufb33":6}');
    expect(jcsText([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
    expect(() => jcsText(NaN)).toThrow(RangeError);
  });

  it('replaces halves of surrogate pairs, which have no UTF-8', () => {
    expect(jcsText('a\ud800b\udc00\ud83d\ude00')).toBe('"a\ufffdb\ufffd\ud83d\ude00"');
  });
});

describe('without WebCrypto', () => {
  it('computes what WebCrypto computes', async () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const data = random(length);
      expect(hex(plain.sha256(data))).toBe(hex(await sha256(data)));
      const raw = random(32);
      expect(hex(plain.hmac(raw, data))).toBe(hex(await hmac(await importMac(raw, false), data)));
      const [nonce, ad] = [random(12), random(length % 37)];
      const sealed = plain.aesSeal(raw, nonce, ad, data);
      expect(hex(await aesOpen(await importAes(raw, false), nonce, ad, sealed))).toBe(hex(data));
      expect(hex(plain.aesOpen(raw, nonce, ad, sealed))).toBe(hex(data));
      sealed[sealed.length - 1] = (sealed[sealed.length - 1] as number) ^ 1;
      expect(() => plain.aesOpen(raw, nonce, ad, sealed)).toThrow();
    }
  });
});

it('spells base64url both ways', () => {
  for (let n = 0; n < 40; n++) {
    const bytes = random(n);
    expect(hex(unbase64url(base64url(bytes)))).toBe(hex(bytes));
  }
  expect(() => unbase64url('a+b')).toThrow(RangeError);
  expect(() => unbase64url('abcde')).toThrow(RangeError);
});
