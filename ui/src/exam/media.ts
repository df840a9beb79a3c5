// Sounds and films beside the paper: their ciphertext comes before the start, as the paper's does; they
// open with the keys that stand in the paper, and play from memory.
import { unbase64url, type Bytes } from './bytes';
import { keepObject, keptObject } from './page_cache';
import { isBlob, openBlob, paperKey, PaperRefused, type SealedMedia } from './paper';
import { backOff } from './sender';
import type { AttemptRow } from './store';
import { view } from './view';
import { asBytes, asJson, asRefusal, get, Refusal, type Credential } from './wire';

const FETCH_MS = 120_000;
const TRIES = 6;

export interface MediaEvents {
  who(): Credential;
  over(): boolean;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class MediaDesk {
  private readonly urls = new Map<string, Promise<string>>();

  constructor(
    private readonly row: AttemptRow,
    private readonly on: MediaEvents,
  ) {}

  /** All that the paper will need, while there is time. What fails now is fetched when it is shown. */
  async prefetch(): Promise<void> {
    try {
      const { value } = await get<{ objects: { id: string; sha256: string }[] }>(this.on.who(), 'objects', asJson);
      for (const one of value.objects) if (!this.on.over()) await this.sealed(one.id, one.sha256);
    } catch {
      /* later, then */
    }
  }

  private async sealed(id: string, sha256: string): Promise<Bytes> {
    const kept = await keptObject(this.row.attempt, id, sha256);
    if (kept) return kept;
    const { value } = await get(this.on.who(), `objects/${id}`, asBytes, FETCH_MS);
    if (!(await isBlob(value, sha256))) throw new Refusal(0, 'garbled', '', '');
    await keepObject(this.row.attempt, id, value);
    return value;
  }

  private async open(media: SealedMedia): Promise<string> {
    for (let n = 0; ; n++) {
      try {
        const blob = await this.sealed(media.object, media.sealed);
        const plain = await openBlob(blob, await paperKey(blob, unbase64url(media.key), this.row.weak));
        return URL.createObjectURL(new Blob([plain], { type: media.type }));
      } catch (thrown) {
        if (thrown instanceof PaperRefused || n >= TRIES || this.on.over()) throw thrown;
        await sleep(backOff(Math.min(n, 3), Math.random(), asRefusal(thrown).retryMs));
      }
    }
  }

  /** The address that an element plays. */
  url(sha256: string): Promise<string> {
    const known = this.urls.get(sha256);
    const media = view.paper?.media.get(sha256);
    if (known) return known;
    if (!media) return Promise.reject(new PaperRefused('no such sound in the paper'));
    const opening = this.open(media);
    this.urls.set(sha256, opening);
    opening.catch(() => this.urls.delete(sha256)); // another try may go better
    return opening;
  }

  /** The attempt leaves this PC. */
  forget(): void {
    for (const url of this.urls.values()) url.then(URL.revokeObjectURL, () => {});
    this.urls.clear();
  }
}
