// Files handed in as answers: kept on this PC until the server has them on disk, then named by an answer.
import { hex, type Bytes } from './bytes';
import type { Json } from './jcs';
import { sha256 } from './keys';
import { backOff } from './sender';
import type { PendingFile, Store } from './store';
import { t } from './text';
import { view } from './view';
import { asJson, asRefusal, authorization, pathOf, request, type Credential, type Id } from './wire';

const PIECE = 1 << 20;
const PIECE_MS = 120_000;
/** By the ending of the name; what is in it is for the server to say. */
const TYPES: Record<string, string> = { pdf: 'pdf', docx: 'docx', xlsx: 'xlsx', csv: 'csv', png: 'png', jpg: 'jpeg', jpeg: 'jpeg' };

export const typeOf = (name: string): string => TYPES[name.split('.').pop()?.toLowerCase() ?? ''] ?? '';
/** What a file dialogue offers. */
export const endings = (types: string[]): string[] => Object.entries(TYPES).filter(([, type]) => types.includes(type)).map(([ending]) => `.${ending}`);

export interface HandedHost {
  who(): Credential;
  over(): boolean;
  /** The paper is on the table: not paused, not handed in. */
  writable(): boolean;
  answer(item: number, response: Json): Promise<unknown>;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class HandedIn {
  private readonly pending = new Map<number, PendingFile>();
  private running = false;
  /** Chosen and not yet on this PC's disk, or refused by it. */
  private readonly unkept = new Set<PendingFile>();

  constructor(
    private readonly store: Store,
    private readonly attempt: Id,
    private readonly on: HandedHost,
  ) {}

  /** What a reload left. */
  async resume(): Promise<void> {
    for (const file of await this.store.files(this.attempt).catch(() => [])) {
      this.pending.set(file.item, file);
      this.show(file, 0);
    }
    void this.run();
  }

  /** A newer file takes the place of one that is still on its way. */
  async add(item: number, name: string, bytes: Bytes): Promise<void> {
    const file: PendingFile = { item, name: name.slice(-120), bytes, sha256: hex(await sha256(bytes)) };
    const before = this.pending.get(item);
    if (before) this.unkept.delete(before);
    this.pending.set(item, file);
    this.unkept.add(file);
    this.show(file, 0);
    await this.store.putFile(this.attempt, file).then(() => this.unkept.delete(file), () => {}); // refused: it goes with a reload, as is said
    if (this.isNewest(file)) this.show(file, view.files.get(item)?.sent ?? 0, view.files.get(item)?.refusal);
    void this.run();
  }

  /** A file that a reload would lose. */
  get unwritten(): boolean {
    return this.unkept.size > 0;
  }

  private show(file: PendingFile, sent: number, refusal = ''): void {
    view.files.set(file.item, { name: file.name, size: file.bytes.length, kept: !this.unkept.has(file), sent, refusal });
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let n = 0; this.pending.size && !this.on.over(); ) {
      const [file] = this.pending.values();
      if (!file) break;
      try {
        await this.send(file);
        n = 0;
      } catch (thrown) {
        if (!this.isNewest(file)) continue; // what became of it is nobody's business any more
        const why = asRefusal(thrown);
        const final = why.status >= 400 && why.status < 500 && ![401, 408, 429].includes(why.status);
        this.show(file, view.files.get(file.item)?.sent ?? 0, why.text);
        if (final) await this.forget(file);
        else await sleep(backOff(Math.min(n++, 4), Math.random(), why.retryMs));
      }
    }
    this.running = false;
  }

  /** What was chosen for the same question meanwhile stays. */
  private async forget(file: PendingFile): Promise<void> {
    if (!this.isNewest(file)) return;
    this.pending.delete(file.item);
    this.unkept.delete(file);
    await this.store.dropFile(this.attempt, file.item).catch(() => {});
  }

  private isNewest(file: PendingFile): boolean {
    return this.pending.get(file.item) === file;
  }

  private async send(file: PendingFile): Promise<void> {
    let type = '';
    for (let place = 0; place < file.bytes.length && !type; place += PIECE) {
      const path = pathOf(this.attempt, `files/${file.item}.${file.sha256}.${file.bytes.length}.${place}`);
      const body = file.bytes.slice(place, place + PIECE);
      const headers = { 'Content-Type': 'application/octet-stream', Authorization: await authorization(this.on.who(), 'POST', path, body) };
      const { value } = await request<{ have: number; type: string | null }>(path, { method: 'POST', headers, body }, asJson, PIECE_MS);
      if (!this.isNewest(file)) return; // another file was chosen
      this.show(file, Math.min(file.bytes.length, place + body.length));
      type = value.type ?? '';
    }
    if (!type) return sleep(1000); // pieces of an older try are missing: all of it once more
    // After a reload the paper is not open yet.
    while (!this.on.writable()) {
      if (this.on.over() || view.phase === 'sealed' || view.phase === 'receipt') return this.forget(file);
      await sleep(500);
    }
    if (!this.isNewest(file)) return;
    if (!view.paper?.items.get(file.item)?.types.includes(type)) {
      this.show(file, 0, t('exam.upload.other'));
      return this.forget(file);
    }
    await this.on.answer(file.item, { bytes: file.bytes.length, name: file.name, sha256: file.sha256, type });
    if (!this.isNewest(file)) return;
    await this.forget(file);
    if (!this.pending.has(file.item)) view.files.delete(file.item);
  }
}
