// Text that is being typed: an entry at most every two seconds and when the field is left. Each key
// press is kept in this tab's session storage, so that a reload in between loses no letter.
import { utf8 } from './bytes';
import type { Json } from './jcs';
import { PAYLOAD_MAX } from './journal';
import type { Id } from './wire';
import { view } from './view';

const EVERY_MS = 2_000;

/** "12.50" from what people type: full-width figures, commas, the true minus. Undefined: no number. */
export function readNumber(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s,]/g, '')
    .replace(/[\u2212\u2013]/g, '-');
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(plain) && plain.length <= 32 ? plain.replace(/\.$/, '').replace(/^(-?)\./, '$10.') : undefined;
}

/** How a draft becomes a response. */
export type Typing = 'text' | 'number' | 'gaps';
const SIGNS: Record<Typing, string> = { text: 't', number: 'n', gaps: 'g' };

/** The fields of a fill-in item, from a draft or a response; always as many as there are gaps. */
export function readGaps(from: unknown, count: number): string[] {
  let list = from;
  if (typeof from === 'string') {
    try {
      list = JSON.parse(from) as unknown;
    } catch {
      list = [];
    }
  }
  return Array.from({ length: count }, (_, i) => (Array.isArray(list) && typeof list[i] === 'string' ? (list[i] as string) : ''));
}
export const writeGaps = (texts: string[]): string => JSON.stringify(texts);

/** What a draft says as a response; undefined: nothing, null: nothing that can be written. */
function responseOf(text: string, typing: Typing): Json | undefined | null {
  if (typing === 'gaps') {
    const texts = JSON.parse(text) as string[];
    return texts.some((one) => one.trim()) ? texts : undefined;
  }
  if (!text.trim()) return undefined;
  return typing === 'number' ? (readNumber(text) ?? null) : text;
}
const same = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** Longest text that fits into one entry, whatever its letters. */
export const fits = (text: string): boolean => utf8(JSON.stringify(text)).length <= PAYLOAD_MAX;

export class Drafts {
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private readonly typings = new Map<number, Typing>();

  constructor(
    private readonly attempt: Id,
    /** Resolves when it is on disk. */
    private readonly write: (item: number, response: Json | undefined) => Promise<unknown>,
  ) {}

  private key(item: number): string {
    return `heng-draft-${this.attempt}-${item}`;
  }

  type(item: number, text: string, typing: Typing): void {
    view.drafts.set(item, text);
    this.typings.set(item, typing);
    try {
      sessionStorage.setItem(this.key(item), SIGNS[typing] + text);
    } catch {
      /* then two seconds may be lost on a reload */
    }
    if (!this.timers.has(item)) this.timers.set(item, setTimeout(() => this.put(item), EVERY_MS));
  }

  /** Writes what was typed. What is no number stays on the screen and is not written. */
  private put(item: number): void {
    clearTimeout(this.timers.get(item));
    this.timers.delete(item);
    const text = view.drafts.get(item);
    if (text === undefined) return;
    const response = responseOf(text, this.typings.get(item) ?? 'text');
    if (response === null) return;
    if (same(response, view.answers.get(item)?.response as Json | undefined)) return this.unkeep(item);
    // Leaving the page may overtake the write: the copy stays until the entry is on disk.
    const kept = this.keptCopy(item);
    void this.write(item, response).then(() => this.keptCopy(item) === kept && this.unkeep(item), () => {});
  }

  /** The field is left: now the written form is shown. */
  leave(item: number): void {
    this.put(item);
    const text = view.drafts.get(item);
    if (text !== undefined && responseOf(text, this.typings.get(item) ?? 'text') !== null) view.drafts.delete(item);
  }

  private keptCopy(item: number): string | null {
    try {
      return sessionStorage.getItem(this.key(item));
    } catch {
      return null;
    }
  }

  private unkeep(item: number): void {
    try {
      sessionStorage.removeItem(this.key(item));
    } catch {
      /* it was never kept */
    }
  }

  clear(item: number): void {
    clearTimeout(this.timers.get(item));
    this.timers.delete(item);
    view.drafts.delete(item);
    this.unkeep(item);
  }

  flush(): void {
    for (const item of [...this.timers.keys()]) this.put(item);
  }

  /** After a reload: what was typed but not written counts as typed now. */
  restore(response: (item: number) => Json | undefined): void {
    for (const name of this.names()) {
      const item = Number(name.slice(name.lastIndexOf('-') + 1));
      const kept = sessionStorage.getItem(name) ?? '';
      const typing = (Object.keys(SIGNS) as Typing[]).find((word) => SIGNS[word] === kept[0]) ?? 'text';
      if (!same(responseOf(kept.slice(1), typing) ?? undefined, response(item))) this.type(item, kept.slice(1), typing);
    }
  }

  private names(): string[] {
    try {
      return Object.keys(sessionStorage).filter((name) => name.startsWith(`heng-draft-${this.attempt}-`));
    } catch {
      return [];
    }
  }

  forget(): void {
    this.stop();
    view.drafts.clear();
    for (const name of this.names()) sessionStorage.removeItem(name);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
