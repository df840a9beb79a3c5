// What the journal itself says of time, each minute: the server's last word as evidence, a signature over what
// was done, and a clock of this PC that was set.
import type { Recorder } from './recorder';
import type { AttemptRow } from './store';

const MINUTE_MS = 60_000;
const JUMP_MS = 2_000;

interface Host {
  note(what: string, more?: Record<string, number | string>): void;
  refresh(): Promise<void>;
}

const mono = () => performance.now();

export class Proof {
  private lastMinute = mono();
  private clockSent = 0;
  private changed = false;
  private wallDrift = Date.now() - performance.now();

  constructor(
    private readonly row: AttemptRow,
    private readonly recorder: Recorder,
    private readonly on: Host,
  ) {}

  /** There is something to sign. */
  change(): void {
    this.changed = true;
  }

  tick(): void {
    this.watchWallClock();
    if (mono() - this.lastMinute >= MINUTE_MS) this.minute();
  }

  private watchWallClock(): void {
    const drift = Date.now() - performance.now();
    const jump = Math.round(drift - this.wallDrift);
    if (Math.abs(jump) < JUMP_MS) return;
    this.wallDrift = drift;
    this.on.note('clock_jump', { ms: jump });
    void this.on.refresh();
  }

  private minute(): void {
    this.lastMinute = mono();
    const { evidence } = this.row;
    if (evidence && evidence.serverMs > this.clockSent) {
      this.clockSent = evidence.serverMs;
      void this.recorder.write('clock', 0, { batch: evidence.batch, hash: evidence.hash, server_ms: evidence.serverMs });
    }
    if (this.changed && !this.row.weak) {
      this.changed = false;
      void this.recorder.sign('checkpoint');
    }
  }
}
