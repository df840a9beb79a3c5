// Brings the paper to the candidate: ciphertext before the start, key at the start, then open.
import { markRaw } from 'vue';

import { unbase64url, type Bytes } from './bytes';
import { dropPaper, keepPaper, keptPaper } from './page_cache';
import { MediaDesk } from './media';
import { isBlob, openBlob, paperKey, PaperRefused, readPaper } from './paper';
import { backOff } from './sender';
import type { AttemptRow, Store } from './store';
import { view } from './view';
import { asBytes, asJson, asRefusal, get, Refusal, type Credential } from './wire';

const EARLY_MS = 15 * 60_000;
const LONGEST_MS = 60_000;
const FETCH_MS = 60_000;

export interface PaperEvents {
  /** Throws a Refusal where there is none. */
  who(): Credential;
  now(): number;
  streamUp(): boolean;
  /** The page gives the attempt up: another tab writes. */
  over(): boolean;
  keyed(): void;
  opened(): void;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class PaperDesk {
  private blob: Bytes | undefined;
  private busy = false;
  /** Came by the stream before the ciphertext was here. */
  private early: string | undefined;
  readonly media: MediaDesk;

  constructor(
    private readonly store: Store,
    private readonly row: AttemptRow,
    private readonly on: PaperEvents,
  ) {
    this.media = new MediaDesk(row, on);
  }

  /** Until the paper is open, however long network and start let wait. */
  async prepare(): Promise<void> {
    if (this.busy || view.paper) return;
    this.busy = true;
    try {
      await this.fetchBlob();
      void this.media.prefetch();
      if (this.early) await this.useKey(this.early);
      for (let n = 0; !this.on.over() && !view.paper && view.paperState !== 'broken'; n++) {
        if (this.row.paperKey) await this.open();
        else await this.askKey(n);
      }
    } finally {
      this.busy = false;
    }
  }

  private async fetchBlob(): Promise<void> {
    for (let n = 0; !this.on.over() && !this.blob; n++) {
      const { paper } = this.row.state ?? {};
      if (!paper) return;
      this.blob = await keptPaper(this.store, this.row.attempt, paper.sha256);
      if (this.blob) break;
      try {
        const blob = (await get(this.on.who(), 'paper', asBytes, FETCH_MS)).value;
        if (!(await isBlob(blob, paper.sha256))) throw new Refusal(0, 'garbled', '', '');
        await keepPaper(this.store, this.row.attempt, blob);
        this.blob = blob;
      } catch (thrown) {
        const why = asRefusal(thrown);
        const early = why.status === 409 && view.session ? view.session.starts_ms - EARLY_MS - this.on.now() : 0;
        await sleep(Math.max(backOff(Math.min(n, 3), Math.random(), why.retryMs), Math.min(early, LONGEST_MS)));
      }
    }
    if (view.paperState === 'none') view.paperState = 'sealed';
  }

  /** The key comes by the stream at the start; asking is the second way. */
  private async askKey(n: number): Promise<void> {
    const late = !this.on.streamUp() && view.session !== undefined && this.on.now() >= view.session.starts_ms;
    if (!view.begun && !late) return sleep(500);
    await sleep(n ? 0 : Math.random() * 2000); // a room must not ask all at once
    if (this.row.paperKey || view.paper) return;
    try {
      await this.useKey((await get<{ key: string }>(this.on.who(), 'key', asJson<{ key: string }>)).value.key);
    } catch (thrown) {
      await sleep(backOff(Math.min(n, 2), Math.random(), asRefusal(thrown).retryMs));
    }
  }

  async useKey(raw: string): Promise<void> {
    if (this.row.paperKey) return;
    if (!this.blob) {
      this.early = raw;
      return;
    }
    try {
      this.row.paperKey = await paperKey(this.blob, unbase64url(raw), this.row.weak);
      this.on.keyed();
      await this.open();
    } catch (thrown) {
      if (thrown instanceof PaperRefused) view.paperState = 'broken';
    }
  }

  private async open(): Promise<void> {
    const key = this.row.paperKey;
    if (!key || !this.blob || view.paper) return;
    try {
      view.paper = markRaw(readPaper(await openBlob(this.blob, key)));
      view.paperState = 'open';
      if (!view.paper.items.has(view.item)) view.item = view.paper.screens[0]?.items[0]?.n ?? 1;
    } catch {
      view.paperState = 'broken';
      await dropPaper(this.row.attempt); // a reload fetches it anew
    }
    this.on.opened();
  }

  forget(): void {
    this.media.forget();
    delete this.row.paperKey;
    this.blob = undefined;
    view.paper = undefined;
    view.paperState = 'none';
  }
}
