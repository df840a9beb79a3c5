// The bytes of the exam journal (SECURITY §5.1): what is written here is what is sent, stored and hashed.
import { base64url, be32, equal, getBe64, join, setBe64, utf8, viewOf, type Bytes } from './bytes';
import { jcs, type Json } from './jcs';
import { aesSeal, hmac, sha256, sign, type Device, type Key } from './keys';

export const KIND = { start: 1, answer: 2, clear: 3, flag: 4, visit: 5, command: 6, upload: 7, clock: 8, event: 9, checkpoint: 10, seal: 11 } as const;
export type KindName = keyof typeof KIND;

export const HEAD_BYTES = 88;
export const PAYLOAD_MAX = 65_536;
export const SAVE_ENTRIES_MAX = 256;
export const SAVE_BYTES_MAX = 262_144;
const TAG_BYTES = 32;
const MAGIC = utf8('HNJ1');

/** An entry as it is kept and sent. */
export interface Entry {
  epoch: number;
  seq: number;
  hash: Bytes;
  bytes: Bytes;
}

export interface EntryFields {
  attempt: Bytes; // 16
  epoch: number;
  seq: number;
  kind: number;
  item: number;
  clientMs: number;
  monoMs: number;
  ledgerNo: number;
  before: Bytes; // 32
}

function head(f: EntryFields, payloadLength: number): Bytes {
  if (payloadLength > PAYLOAD_MAX) throw new RangeError('payload too long');
  const out = new Uint8Array(HEAD_BYTES);
  const view = viewOf(out);
  out.set(MAGIC);
  out.set(f.attempt, 4);
  view.setUint32(20, f.epoch);
  view.setUint32(24, f.seq);
  out[28] = f.kind;
  out[29] = 1; // suite
  view.setUint16(30, f.item);
  setBe64(view, 32, f.clientMs);
  setBe64(view, 40, f.monoMs);
  view.setUint32(48, f.ledgerNo);
  view.setUint32(52, payloadLength);
  out.set(f.before, 56);
  return out;
}

async function entryOf(f: EntryFields, bytes: Bytes): Promise<Entry> {
  return { epoch: f.epoch, seq: f.seq, hash: await sha256(bytes), bytes };
}

export async function writeEntry(f: EntryFields, payload: Json): Promise<Entry> {
  const text = jcs(payload);
  return entryOf(f, join(head(f, text.length), text));
}

/**
 * A checkpoint or a seal: `sig` over "HNS1" ‖ bytes 4…87 of this entry ‖ H(JCS(payload without sig)).
 * The length in the head is that of the payload with `sig`, which is always 86 characters.
 */
export async function writeSigned(f: EntryFields, payload: { [key: string]: Json }, device: Device): Promise<Entry> {
  if (!device.sign) return writeEntry(f, payload);
  const first = head(f, jcs({ ...payload, sig: 'A'.repeat(86) }).length);
  const sig = await sign(device, join(utf8('HNS1'), first.subarray(4), await sha256(jcs(payload))));
  return entryOf(f, join(first, jcs({ ...payload, sig: base64url(sig as Bytes) })));
}

/** Reads back what was written (a fork is shown to the candidate, tests compare). */
export function readEntry(bytes: Bytes): EntryFields & { payload: Bytes } {
  const view = viewOf(bytes);
  if (bytes.length < HEAD_BYTES || !equal(bytes.subarray(0, 4), MAGIC) || bytes[29] !== 1) throw new RangeError('no journal entry');
  if (view.getUint32(52) !== bytes.length - HEAD_BYTES) throw new RangeError('payload length');
  return {
    attempt: bytes.slice(4, 20),
    epoch: view.getUint32(20),
    seq: view.getUint32(24),
    kind: bytes[28] as number,
    item: view.getUint16(30),
    clientMs: getBe64(view, 32),
    monoMs: getBe64(view, 40),
    ledgerNo: view.getUint32(48),
    before: bytes.slice(56, 88),
    payload: bytes.slice(HEAD_BYTES),
  };
}

/** What seq 1 of an epoch builds on: it binds paper, device and what came before. */
export async function firstBefore(attempt: Bytes, epoch: number, paperHash: Bytes, pub: Bytes, mainHead: Bytes): Promise<Bytes> {
  return sha256(join(utf8('heng/journal/1\0'), attempt, be32(epoch), paperHash, await sha256(pub), mainHead));
}

export async function saveTag(key: Key, attempt: Bytes, entries: Entry[]): Promise<Bytes> {
  const [first] = entries;
  const last = entries[entries.length - 1];
  if (!first || !last) throw new RangeError('an empty save');
  return hmac(key, join(utf8('HNT1'), attempt, be32(first.epoch), be32(first.seq), be32(last.seq), last.hash));
}

export async function saveBody(key: Key, attempt: Bytes, entries: Entry[]): Promise<Bytes> {
  return join(...entries.map((e) => e.bytes), await saveTag(key, attempt, entries));
}

/** As many of the entries, from the first, as one save may hold. All are of one epoch, in order. */
export function oneSave(entries: Entry[]): Entry[] {
  let size = TAG_BYTES;
  let count = 0;
  for (const entry of entries) {
    size += entry.bytes.length;
    if (size > SAVE_BYTES_MAX || count === SAVE_ENTRIES_MAX || entry.epoch !== entries[0]?.epoch) break;
    count++;
  }
  return entries.slice(0, count);
}

/** The emergency file `HNE1`: a save body that only the server can open. */
export async function emergencyFile(file: Key, attempt: Bytes, epoch: number, nonce: Bytes, body: Bytes): Promise<Bytes> {
  const first = join(utf8('HNE1'), attempt, be32(epoch), nonce);
  return join(first, await aesSeal(file, nonce, first, body));
}
