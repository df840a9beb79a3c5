// Brings the journal to the server (protocol §6): one body in flight, the same bytes again until an
// answer names a hash at or after an entry. Only then is the entry dropped.
import { hex, type Bytes } from './bytes';
import { oneSave, type Entry } from './journal';
import { asRefusal, Refusal, type Saved } from './wire';

/** The entries not yet acknowledged. */
export interface Box {
  /** The epoch this device writes; 0 none. */
  current(): number;
  /** Epochs with something to send. */
  epochs(): number[];
  /** What is left of an epoch, in order. */
  list(epoch: number): Entry[];
  body(entries: Entry[]): Promise<Bytes>;
  drop(epoch: number, upTo: number): void;
}

export interface SenderEvents {
  /** Resolves with the answer, rejects with a Refusal (status 0: silence). */
  post(body: Bytes): Promise<Saved>;
  saved(answer: Saved): void;
  /** No answer, or one that says wait. `reason` is the last one. */
  waiting(reason: Refusal, ms: number): void;
  /** This epoch cannot go on: aside, unknown to the server, or entries are gone. */
  lost(why: 'aside' | 'unknown' | 'gap' | 'malformed', epoch: number): void;
}

export const GATHER_MS = 300;
const LONGEST_MS = 30_000;
const AGAIN_AFTER_401 = 2;

/** 2^n × 0.5–1.5 s, at most 30 s, and never before the server allows it. */
export function backOff(failures: number, chance: number, askedMs: number): number {
  const base = 2 ** Math.min(failures, 10) * 1000 * (0.5 + chance);
  return Math.max(Math.min(base, LONGEST_MS), askedMs);
}

export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private stopped = false;
  private failures = 0;
  private unknown = 0;
  /** Not before this moment: the server asked for it, or we are backing off. */
  private waitsForServer = false;
  private waitsToRetry = false;
  /** Where the server said it goes on, after a gap. */
  private from: { epoch: number; seq: number } | undefined;
  private expected = 0;
  private readonly closed = new Set<number>();

  constructor(
    private readonly box: Box,
    private readonly on: SenderEvents,
    private readonly chance: () => number = Math.random,
  ) {}

  /** Something was written. */
  kick(): void {
    if (!this.timer && !this.busy) this.plan(GATHER_MS);
  }

  /** The line is back: end a back-off of ours, but not a wait the server asked for. */
  hurry(): void {
    if (this.busy || this.stopped || this.waitsForServer) return;
    this.waitsToRetry = false;
    this.plan(0);
  }

  /** A new epoch is open: what was refused under the old one may be tried again. */
  resume(): void {
    this.failures = this.unknown = this.expected = 0;
    this.from = undefined;
    this.closed.clear();
    this.waitsToRetry = false;
    this.hurry();
  }

  /** Entries of this epoch are not sent until `resume`. */
  close(epoch: number): void {
    this.closed.add(epoch);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  get inBackOff(): boolean {
    return this.waitsToRetry;
  }

  private plan(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.waitsForServer = this.waitsToRetry = false;
      void this.round();
    }, ms);
  }

  /** The current epoch first: that is what the candidate works on. */
  private next(): Entry[] {
    const current = this.box.current();
    const order = this.box.epochs().sort((a, b) => Number(b === current) - Number(a === current) || a - b);
    for (const epoch of order) {
      if (this.closed.has(epoch)) continue;
      const list = this.box.list(epoch);
      const from = this.from?.epoch === epoch ? this.from.seq : 0;
      const save = oneSave(list.filter((entry) => entry.seq >= from));
      if (save.length) return save;
    }
    return [];
  }

  private async round(): Promise<void> {
    if (this.busy || this.stopped) return;
    const save = this.next();
    if (!save.length) return;
    this.busy = true;
    let wait: number;
    try {
      wait = this.stored(await this.on.post(await this.box.body(save)), save);
    } catch (thrown) {
      wait = this.refused(asRefusal(thrown), (save[0] as Entry).epoch);
    }
    this.busy = false;
    if (!this.stopped && this.next().length) this.plan(wait);
  }

  private stored(answer: Saved, save: Entry[]): number {
    const named = this.box.list(answer.epoch).find((entry) => entry.seq === answer.seq);
    // An answer is believed only where it names the very bytes we have.
    if (!named || hex(named.hash) !== answer.hash || answer.epoch !== save[0]?.epoch) {
      return this.again(new Refusal(200, 'foreign', '', ''));
    }
    this.failures = this.unknown = this.expected = 0;
    this.from = undefined;
    this.box.drop(answer.epoch, answer.seq);
    this.on.saved(answer);
    if (answer.branch === 'aside' && answer.epoch === this.box.current()) {
      this.closed.add(answer.epoch);
      this.on.lost('aside', answer.epoch);
    }
    return GATHER_MS;
  }

  private refused(why: Refusal, epoch: number): number {
    if (why.status === 409 && why.expect > 0) return this.goOnFrom(why, epoch);
    if (why.status === 400) {
      this.closed.add(epoch);
      this.on.lost('malformed', epoch);
      return GATHER_MS;
    }
    if (why.status === 401 && ++this.unknown >= AGAIN_AFTER_401) {
      this.unknown = 0;
      this.closed.add(epoch);
      this.on.lost('unknown', epoch);
    }
    return this.again(why);
  }

  /** 409: the server lacks what is before. Send from there, if it still is here. */
  private goOnFrom(why: Refusal, epoch: number): number {
    const here = this.box.list(epoch).some((entry) => entry.seq === why.expect);
    if (!here) {
      this.closed.add(epoch);
      this.on.lost('gap', epoch);
      return GATHER_MS;
    }
    this.from = { epoch, seq: why.expect };
    if (this.expected === why.expect) return this.again(why); // the same again: not in a tight circle
    this.expected = why.expect;
    return 0;
  }

  private again(why: Refusal): number {
    const ms = backOff(this.failures++, this.chance(), why.retryMs);
    this.waitsForServer = why.retryMs > 0;
    this.waitsToRetry = true;
    this.on.waiting(why, ms);
    return ms;
  }
}
