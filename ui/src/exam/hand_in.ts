// The seal of the journal, the server's receipt for it, and the end of what this PC keeps.
import { unhex } from './bytes';
import { readClock } from './clock';
import type { Drafts } from './drafts';
import { KIND, readEntry } from './journal';
import { dropPaper } from './page_cache';
import type { PaperDesk } from './paper_desk';
import type { Recorder } from './recorder';
import { backOff } from './sender';
import type { AttemptRow, Store } from './store';
import { showReceipt, showSeal, view } from './view';
import { asJson, asRefusal, get, type Credential, type LedgerRow, type Receipt, type State } from './wire';

interface Host {
  who(): Credential;
  now(): number;
  over(): boolean;
  rows(): LedgerRow[];
  touch(): void;
  persist(): void;
  sealed(): void;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class HandIn {
  /** A seal is being written: answers that are on their way still count, new ones do not. */
  busy = false;
  private fetching = false;

  constructor(
    private readonly store: Store,
    private readonly row: AttemptRow,
    private readonly recorder: Recorder,
    private readonly paper: PaperDesk,
    private readonly drafts: Drafts,
    private readonly on: Host,
  ) {}

  /** The page was left between writing the seal and noting it. */
  find(): void {
    if (this.row.sealed) return showSeal(this.row.sealed);
    const list = this.recorder.list(this.row.epoch);
    const last = list[list.length - 1];
    if (!last) return;
    const entry = readEntry(last.bytes);
    if (entry.kind !== KIND.seal) return;
    this.row.sealed = { epoch: last.epoch, seq: last.seq, hash: last.hash, reason: 'hand_in', answered: this.recorder.answered, atMs: entry.clientMs };
    this.recorder.end();
    showSeal(this.row.sealed);
  }

  elsewhere(state: State): void {
    this.recorder.end();
    this.row.sealed = { epoch: state.main.epoch, seq: state.main.seq, hash: unhex(state.main.hash), reason: 'hand_in', answered: this.recorder.answered, atMs: state.server_ms };
    showSeal(this.row.sealed);
    void this.fetchReceipt();
  }

  async seal(reason: 'hand_in' | 'deadline'): Promise<void> {
    if (this.busy || this.row.sealed) return;
    this.busy = true;
    this.drafts.flush();
    const rows = this.on.rows();
    const clock = readClock(rows, this.row.state?.session.minutes ?? 0, this.on.now());
    await this.recorder.settled();
    const answered = this.recorder.answered;
    const ledger = this.on.rows()[this.on.rows().length - 1]?.no ?? 0;
    const entry = await this.recorder.sign('seal', { answered, deadline_ms: Math.round(clock.deadlineMs ?? 0), ledger, reason });
    this.recorder.end();
    if (!entry) return;
    this.row.sealed = { epoch: entry.epoch, seq: entry.seq, hash: entry.hash, reason, answered, atMs: Math.round(this.on.now()) };
    this.row.differ = [];
    this.on.persist();
    showSeal(this.row.sealed);
    this.on.sealed();
  }

  async fetchReceipt(): Promise<void> {
    if (this.fetching || this.row.receipt) return;
    this.fetching = true;
    for (let n = 0; !this.on.over() && this.row.sealed && !this.row.receipt; n++) {
      try {
        const { value } = await get<Receipt>(this.on.who(), 'receipt', asJson<Receipt>);
        this.on.touch();
        this.row.receipt = value;
        showReceipt(value);
      } catch (thrown) {
        await sleep(backOff(n, Math.random(), asRefusal(thrown).retryMs));
      }
    }
    this.fetching = false;
    if (this.row.receipt && !this.recorder.waitingCount) await this.wipe();
  }

  /** The server has everything and the candidate has the receipt. */
  async wipe(): Promise<void> {
    if (!view.receiptFits || !this.row.receipt) return;
    this.paper.forget();
    await this.store.wipe(this.row).catch(() => {});
    await dropPaper(this.row.attempt);
    this.drafts.forget();
  }
}
