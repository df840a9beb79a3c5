// Sign-in at the seat and the claim (protocol §2): from a ticket to an epoch with keys.
import { hex, random, unbase64url, base64url, unhex, type Bytes } from './bytes';
import { firstBefore } from './journal';
import { hasSubtle, importAes, importMac, makeDevice, sign, type Device } from './keys';
import type { Json } from './jcs';
import { jcsText } from './jcs';
import { sebProof } from './seb';
import type { AnswerRow, AttemptRow, EpochRow, Store } from './store';
import { claimText, post, type Answered, type Claimed, type Entered, type Id, type ServedAnswer, type State } from './wire';

/** The exam PC may know its seat: /sit#seat=12. */
export function seatOfPage(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('seat') || undefined;
}

export async function enter(ticket: string, document: string): Promise<Entered> {
  const seat = seatOfPage(location.hash);
  return (await post<Entered>('/api/sit/enter', { ticket, document, ...(seat ? { seat } : {}) })).value;
}

export async function isAdmitted(who: Entered): Promise<{ admitted: boolean; retry_ms: number; server_ms: number }> {
  return (await post<{ admitted: boolean; retry_ms: number; server_ms: number }>('/api/sit/wait', { attempt: who.attempt, challenge: who.challenge })).value;
}

/** The row of this attempt on this PC, with a device key. Weak only where the strong way fails. */
export async function rowFor(store: Store, who: Entered): Promise<AttemptRow> {
  const known = await store.attempt(who.attempt);
  const recorded = who.session.recorded === true;
  if (known) {
    const row: AttemptRow = { ...known, signin: who, recorded };
    await store.putAttempt(row);
    return row;
  }
  const make = async (weak: boolean): Promise<AttemptRow> => {
    const row: AttemptRow = { attempt: who.attempt, weak, device: await makeDevice(weak), epoch: 0, signin: who, recorded };
    await store.putAttempt(row);
    return row;
  };
  if (!hasSubtle()) return make(true);
  return make(false).catch(() => make(true)); // keys that cannot be stored
}

/** A challenge without the person: this device already holds the attempt. */
export async function enterAgain(attempt: Id, device: Device): Promise<Entered> {
  return (await post<Entered>('/api/sit/again', { attempt, pub: base64url(device.pub) })).value;
}

/**
 * Claims the next epoch. The claim id is stored before it is sent and stays until the answer has
 * come, so that a lost answer costs nothing.
 */
export async function claim(store: Store, row: AttemptRow, takeover?: string): Promise<Answered<Claimed>> {
  const challenge = row.signin?.challenge ?? '';
  if (row.claim?.challenge !== challenge) {
    row.claim = { id: hex(random(16)), challenge };
    await store.putAttempt(row);
  }
  const { id } = row.claim;
  const signature = await sign(row.device, await claimText(row.attempt, unbase64url(challenge), id, row.device.pub));
  return post<Claimed>('/api/sit/claim', {
    attempt: row.attempt,
    pub: base64url(row.device.pub),
    claim_id: id,
    ...(signature ? { sig: base64url(signature) } : { weak: true }),
    ...(takeover ? { takeover } : {}),
    ...(await sebProof()),
  });
}

/** What of a claim's answer is kept: never the raw keys. */
export async function epochOf(row: AttemptRow, answer: Claimed): Promise<EpochRow> {
  const attempt = unhex(row.attempt);
  const before: Bytes = await firstBefore(attempt, answer.epoch, unhex(answer.paper.sha256), row.device.pub, unhex(answer.main_head));
  return {
    attempt: row.attempt,
    epoch: answer.epoch,
    save: await importMac(unbase64url(answer.save), row.weak),
    file: await importAes(unbase64url(answer.file), row.weak),
    seq: 0,
    hash: before,
    monoMs: 0,
    wallMs: Date.now(),
  };
}

/** The state without what is kept elsewhere. */
export function stateOf(answer: State): State {
  const { state, epoch, server_ms, session, room, seat, name, ticket, ledger, clock, paper, main, aside, last_item, batch, batch_hash } = answer;
  return { state, epoch, server_ms, session, room, seat, name, ticket, ledger, clock, paper, main, aside, last_item, batch, batch_hash };
}

export function rowsOf(attempt: Id, served: ServedAnswer[]): AnswerRow[] {
  return served.map((a) => {
    const row: AnswerRow = { attempt, item: a.item, flagged: a.flagged === true, visited: a.visited === true || (a.response ?? null) !== null };
    if (a.response !== undefined && a.response !== null) row.response = a.response as Json;
    return row;
  });
}

const same = (a: Json | undefined, b: Json | undefined) => (a === undefined || b === undefined ? a === b : jcsText(a) === jcsText(b));

/** Items whose answer here is not the one on the main line (SECURITY §5.3, fork). */
export function differences(here: ReadonlyMap<number, AnswerRow>, there: AnswerRow[]): NonNullable<AttemptRow['differ']> {
  const other = new Map(there.map((row) => [row.item, row.response]));
  const items = [...new Set([...here.keys(), ...other.keys()])].sort((a, b) => a - b);
  return items.flatMap((item) => {
    const mine = here.get(item)?.response;
    const theirs = other.get(item);
    return same(mine, theirs) ? [] : [{ item, here: mine, there: theirs }];
  });
}
