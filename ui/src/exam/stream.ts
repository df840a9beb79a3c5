// The event stream (protocol §5), read with fetch because EventSource cannot send our header.
import { authorization, pathOf, refusalOf, Refusal, type Credential } from './wire';
import { backOff } from './sender';

export interface StreamEvent {
  name: string;
  data: Record<string, unknown>;
}

/** Takes pieces of text as they come, gives whole events. */
export class EventReader {
  private rest = '';
  private name = '';
  private data: string[] = [];

  push(piece: string): StreamEvent[] {
    const out: StreamEvent[] = [];
    const lines = (this.rest + piece).split(/\r?\n/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') this.end(out);
      else if (line.startsWith('event:')) this.name = line.slice(6).trim();
      else if (line.startsWith('data:')) this.data.push(line.slice(5).replace(/^ /, ''));
    }
    return out;
  }

  private end(out: StreamEvent[]): void {
    if (this.data.length) {
      try {
        const data = JSON.parse(this.data.join('\n')) as unknown;
        if (data && typeof data === 'object') out.push({ name: this.name || 'message', data: data as Record<string, unknown> });
      } catch {
        /* a line that is no JSON tells us nothing */
      }
    }
    this.name = '';
    this.data = [];
  }
}

export interface StreamEvents {
  event(e: StreamEvent): void;
  up(): void;
  down(why: Refusal): void;
}

const SILENCE_MS = 45_000;

export class Stream {
  private abort: AbortController | undefined;
  private stopped = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly who: () => Credential | undefined,
    private readonly on: StreamEvents,
  ) {}

  start(): void {
    this.stopped = false;
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.abort?.abort();
  }

  /** The line is back, or the epoch is another one: connect now. */
  again(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.failures = 0;
    if (this.abort) this.abort.abort();
    else void this.run();
  }

  private async run(): Promise<void> {
    const who = this.who();
    if (!who || this.abort) return;
    const abort = (this.abort = new AbortController());
    let why = new Refusal(0, 'offline', '', '');
    try {
      await this.read(who, abort);
    } catch (thrown) {
      if (thrown instanceof Refusal) why = thrown;
    }
    this.abort = undefined;
    if (this.stopped) return;
    this.on.down(why);
    this.timer = setTimeout(() => void this.run(), backOff(this.failures++, Math.random(), why.retryMs));
  }

  private async read(who: Credential, abort: AbortController): Promise<void> {
    const path = pathOf(who.attempt, 'events');
    let silence = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const headers = { Authorization: await authorization(who, 'GET', path), Accept: 'text/event-stream' };
      const response = await fetch(path, { headers, credentials: 'omit', cache: 'no-store', redirect: 'error', signal: abort.signal });
      if (!response.ok || !response.body) throw await refusalOf(response);
      this.failures = 0;
      this.on.up();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const events = new EventReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MS);
        for (const event of events.push(decoder.decode(value, { stream: true }))) this.on.event(event);
      }
    } finally {
      clearTimeout(silence);
    }
  }
}
