// Which tab writes. A Web Lock picks it; the token in IndexedDB makes sure of it in each append.
import type { Id } from './wire';

export interface LeaseEvents {
  /** Another tab asked to go on there: write down what is still being typed, then return. */
  yielding(): Promise<void>;
  /** Another tab was opened while this one writes. */
  refused(): void;
  lost(): void;
}

interface Message {
  from: string;
  what: 'here' | 'mine' | 'yield' | 'yielded';
}

const ANSWER_MS = 1500;
const LOOK_MS = 400;

export class Lease {
  private readonly me = Math.random().toString(36).slice(2);
  private readonly channel: BroadcastChannel | undefined;
  private release: (() => void) | undefined;
  private held = false;
  private heard: ((what: Message['what']) => void) | undefined;

  constructor(
    private readonly attempt: Id,
    private readonly on: LeaseEvents,
  ) {
    if (typeof BroadcastChannel === 'undefined') return;
    this.channel = new BroadcastChannel(`heng-exam-${attempt}`);
    this.channel.onmessage = (e: MessageEvent<Message>) => void this.hear(e.data);
  }

  private say(what: Message['what']): void {
    this.channel?.postMessage({ from: this.me, what } satisfies Message);
  }

  private async hear(message: Message): Promise<void> {
    this.heard?.(message.what);
    if (!this.held) return;
    if (message.what === 'here') {
      this.say('mine');
      this.on.refused();
    } else if (message.what === 'yield') {
      await this.on.yielding();
      this.held = false;
      this.release?.();
      this.say('yielded');
      this.on.lost();
    }
  }

  /** Resolves with what another tab says, or undefined when none does within `ms`. */
  private answer(ms: number, wanted: Message['what']): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => end(false), ms);
      const end = (found: boolean) => {
        clearTimeout(timer);
        this.heard = undefined;
        resolve(found);
      };
      this.heard = (what) => what === wanted && end(true);
    });
  }

  /** True when this tab may write. False: another one does. */
  async take(): Promise<boolean> {
    if (navigator.locks) {
      this.held = await this.lock({ ifAvailable: true });
      if (!this.held) this.say('here');
      return this.held;
    }
    this.say('here');
    this.held = !(await this.answer(LOOK_MS, 'mine'));
    return this.held;
  }

  /** The person chose this tab. The other one gets a moment to write down what is being typed. */
  async steal(): Promise<void> {
    this.say('yield');
    await this.answer(ANSWER_MS, 'yielded');
    if (navigator.locks && !(await this.lock({ ifAvailable: true }))) await this.lock({ steal: true });
    this.held = true;
  }

  private lock(how: LockOptions): Promise<boolean> {
    return new Promise((resolve) => {
      navigator.locks
        .request(`heng-writer-${this.attempt}`, how, (lock) => {
          resolve(!!lock);
          if (!lock) return undefined;
          return new Promise<void>((release) => (this.release = release));
        })
        .catch(() => {
          resolve(false);
          if (this.held) this.on.lost(); // stolen
          this.held = false;
        });
    });
  }

  end(): void {
    this.held = false;
    this.release?.();
    this.channel?.close();
  }
}
