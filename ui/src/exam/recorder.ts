// Writes the journal of one attempt: each change becomes an entry that is on this PC's disk before
// the screen says so, and stays there until the server has it.
import { hex, random, unhex, type Bytes } from './bytes';
import type { Json } from './jcs';
import { emergencyFile, KIND, oneSave, saveBody, writeEntry, writeSigned, type Entry, type KindName } from './journal';
import type { Key } from './keys';
import { StoreFailed, WriterLost, type AnswerRow, type AttemptRow, type EpochRow, type Store } from './store';
import type { Box } from './sender';

export interface RecorderEvents {
  /** An entry is on disk. */
  kept(entry: Entry, wallMs: number): void;
  /** The disk refused; the entry is in memory and will be sent. Called again with false when it is well. */
  disk(failed: boolean): void;
  /** Another tab has become the writer; nothing more is written here. */
  writerLost(): void;
}

type Change = { item: number; set: Partial<Pick<AnswerRow, 'response' | 'flagged' | 'visited'>> };

/** A reload takes seconds. A wall clock that says longer than this may have been set. */
const GAP_BELIEVED_MS = 12 * 3_600_000;

export class Recorder implements Box {
  readonly answers = new Map<number, AnswerRow>();
  private readonly epochRows = new Map<number, EpochRow>();
  private readonly waiting = new Map<number, Entry[]>();
  /** Entries that the disk refused. */
  private unkept: Entry[] = [];
  private unkeptAnswers = new Map<number, AnswerRow>();
  /** What the candidate entered and the disk has neither taken nor refused. */
  private entering = 0;
  private keptSeq = 0;
  private head: EpochRow | undefined;
  private monoOffset = 0;
  private tail: Promise<unknown> = Promise.resolve();
  private ended = false;
  private readonly attemptBytes: Bytes;

  constructor(
    private readonly store: Store,
    private readonly row: AttemptRow,
    private readonly token: string,
    private readonly on: RecorderEvents,
    private readonly ledgerNo: () => number,
  ) {
    this.attemptBytes = unhex(row.attempt);
  }

  /** Reads what this PC has. Nothing is taken as acknowledged: what is here will be sent. */
  async load(): Promise<void> {
    const { attempt } = this.row;
    for (const epoch of await this.store.epochs(attempt)) this.epochRows.set(epoch.epoch, epoch);
    for (const entry of await this.store.entries(attempt)) {
      this.of(entry.epoch).push({ epoch: entry.epoch, seq: entry.seq, hash: entry.hash, bytes: entry.bytes });
    }
    for (const answer of await this.store.answers(attempt)) this.answers.set(answer.item, answer);
    this.open(this.epochRows.get(this.row.epoch));
  }

  private open(head: EpochRow | undefined): void {
    this.head = head;
    this.keptSeq = head?.seq ?? 0;
    if (!head) return;
    const gap = Date.now() - head.wallMs;
    this.monoOffset = head.monoMs + (gap > 0 && gap < GAP_BELIEVED_MS ? gap : 0) - performance.now();
  }

  private of(epoch: number): Entry[] {
    let list = this.waiting.get(epoch);
    if (!list) this.waiting.set(epoch, (list = []));
    return list;
  }

  /** A claim was answered. `fresh`: the answers of the main line replace those of this PC. */
  async begin(epoch: EpochRow, fresh: AnswerRow[] | undefined): Promise<void> {
    await this.tail.catch(() => {});
    await this.store.putEpoch(this.row, epoch, fresh);
    this.epochRows.set(epoch.epoch, epoch);
    if (fresh) {
      this.answers.clear();
      for (const answer of fresh) this.answers.set(answer.item, answer);
    }
    this.unkept = [];
    this.unkeptAnswers.clear();
    this.ended = false;
    this.open(epoch);
  }

  saveKey(epoch: number): Key | undefined {
    return this.epochRows.get(epoch)?.save;
  }

  get waitingCount(): number {
    let sum = 0;
    for (const list of this.waiting.values()) sum += list.length;
    return sum;
  }

  get lastSeq(): number {
    return this.head?.seq ?? 0;
  }

  get lastItem(): number | undefined {
    return this.head?.item;
  }

  get answered(): number {
    let sum = 0;
    for (const answer of this.answers.values()) if (answer.response !== undefined) sum++;
    return sum;
  }

  /** Of what the candidate entered something is in this page only: neither on the disk nor at the server. */
  get unwritten(): boolean {
    return this.entering > 0 || this.unkept.length > 0;
  }

  end(): void {
    this.ended = true;
  }

  /** Changes at once what is shown, then writes; resolves when the entry is on disk or in memory. */
  write(kind: KindName, item: number, payload: Json, set?: Change['set']): Promise<Entry | undefined> {
    return this.enter(kind, item, payload, set ? { item, set } : undefined, false);
  }

  sign(kind: 'checkpoint' | 'seal', payload: { [key: string]: Json } = {}): Promise<Entry | undefined> {
    return this.enter(kind, 0, payload, undefined, true);
  }

  private enter(kind: KindName, item: number, payload: Json, change: Change | undefined, signed: boolean): Promise<Entry | undefined> {
    if (this.ended) return Promise.resolve(undefined);
    const clientMs = Date.now();
    const stamp = performance.now();
    let answer: AnswerRow | undefined;
    if (change) {
      const old = this.answers.get(change.item) ?? { attempt: this.row.attempt, item: change.item, flagged: false, visited: false };
      answer = { ...old, ...change.set };
      this.answers.set(change.item, answer);
    }
    const done = this.tail.then(async () => {
      const head = this.head;
      if (!head || this.ended) return undefined;
      const fields = {
        attempt: this.attemptBytes,
        epoch: head.epoch,
        seq: head.seq + 1,
        kind: KIND[kind],
        item,
        clientMs,
        monoMs: Math.max(head.monoMs, Math.round(stamp + this.monoOffset)),
        ledgerNo: this.ledgerNo(),
        before: head.hash,
      };
      const entry = signed ? await writeSigned(fields, payload as { [key: string]: Json }, this.row.device) : await writeEntry(fields, payload);
      const next: EpochRow = { ...head, seq: entry.seq, hash: entry.hash, monoMs: fields.monoMs, wallMs: clientMs, item: item || head.item };
      await this.keep(next, entry, answer);
      return entry;
    });
    this.tail = done.catch(() => {});
    if (change && ('response' in change.set || 'flagged' in change.set)) {
      this.entering++;
      void this.tail.then(() => this.entering--);
    }
    return done;
  }

  private async keep(next: EpochRow, entry: Entry, answer: AnswerRow | undefined): Promise<void> {
    if (answer) this.unkeptAnswers.set(answer.item, answer);
    const entries = [...this.unkept, entry];
    try {
      await this.store.append(this.token, this.keptSeq, next, entries, [...this.unkeptAnswers.values()]);
      this.keptSeq = next.seq;
      this.unkeptAnswers.clear();
      this.on.disk(false);
      this.unkept = [];
    } catch (cause) {
      if (cause instanceof WriterLost) {
        this.ended = true;
        this.on.writerLost();
        throw cause;
      }
      if (!(cause instanceof StoreFailed)) throw cause;
      this.unkept = entries; // still sent, and tried again with the next change
      this.on.disk(true);
    }
    this.head = next;
    this.epochRows.set(next.epoch, next);
    this.of(entry.epoch).push(entry);
    if (this.keptSeq === entry.seq) this.on.kept(entry, Date.now());
  }

  /** Everything entered so far is written. */
  settled(): Promise<unknown> {
    return this.tail;
  }

  // --- what the sender asks ---

  current(): number {
    return this.row.epoch;
  }

  epochs(): number[] {
    return [...this.waiting.keys()].filter((epoch) => this.epochRows.has(epoch) && !this.epochRows.get(epoch)?.parked && this.of(epoch).length);
  }

  list(epoch: number): Entry[] {
    return this.of(epoch);
  }

  body(entries: Entry[]): Promise<Bytes> {
    const row = this.epochRows.get(entries[0]?.epoch ?? 0);
    if (!row) throw new RangeError('no key for this epoch');
    return saveBody(row.save, this.attemptBytes, entries);
  }

  drop(epoch: number, upTo: number): void {
    this.waiting.set(epoch, this.of(epoch).filter((entry) => entry.seq > upTo));
    this.unkept = this.unkept.filter((entry) => entry.epoch !== epoch || entry.seq > upTo);
    // When this fails the entry is sent once more after a reload, which harms nothing.
    this.tail = this.tail.then(() => this.store.drop(this.row.attempt, epoch, upTo)).catch(() => {});
  }

  /** The server calls this epoch malformed: the bytes stay for the emergency file, nothing is sent. */
  park(epoch: number): void {
    const row = this.epochRows.get(epoch);
    if (!row) return;
    const parked = { ...row, parked: true };
    this.epochRows.set(epoch, parked);
    this.tail = this.tail.then(() => this.store.putEpochRow(parked)).catch(() => {});
  }

  /** What waits, encrypted for the server, one file a save. */
  async emergency(): Promise<{ name: string; bytes: Bytes }[]> {
    await this.tail;
    const files: { name: string; bytes: Bytes }[] = [];
    for (const [epoch, list] of [...this.waiting].sort((a, b) => a[0] - b[0])) {
      const row = this.epochRows.get(epoch);
      for (let rest = list; row && rest.length; ) {
        const save = oneSave(rest);
        const body = await saveBody(row.save, this.attemptBytes, save);
        const number = files.length ? `-${files.length + 1}` : '';
        files.push({ name: `heng-${hex(this.attemptBytes)}${number}.hne`, bytes: await emergencyFile(row.file, this.attemptBytes, epoch, random(12), body) });
        rest = rest.slice(save.length);
      }
    }
    return files;
  }
}
