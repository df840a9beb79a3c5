// An online sitting is recorded where the session says so and the candidate has agreed.
import { Camera } from './camera';
import { backOff } from './sender';
import type { AttemptRow } from './store';
import { view } from './view';
import { asJson, asRefusal, get, type Conduct, type Credential } from './wire';

interface Host {
  who(): Credential;
  now(): number;
  over(): boolean;
  note(what: string, more?: Record<string, number | string>): void;
  persist(): void;
  settlePhase(): void;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class Filming {
  private camera: Camera | undefined;

  constructor(
    private readonly row: AttemptRow,
    private readonly on: Host,
  ) {}

  /** Asked for until it is known. */
  async record(): Promise<void> {
    for (let n = 0; !this.on.over() && !this.row.sealed && !this.camera; n++) {
      try {
        const { value } = await get<Conduct>(this.on.who(), 'conduct', asJson<Conduct>);
        if (!value.recorded || this.on.over()) return;
        if (!value.consent || this.row.agreed === value.consent.version) return await this.film();
        view.consent = value.consent;
        return this.on.settlePhase();
      } catch (thrown) {
        await sleep(backOff(n, Math.random(), asRefusal(thrown).retryMs));
      }
    }
  }

  private async film(): Promise<void> {
    if (this.on.over() || this.row.sealed || this.camera) return;
    this.camera = new Camera(this.on.who(), { state: (now) => (view.camera = now), note: (what) => this.on.note(what), serverNow: () => this.on.now() });
    await this.camera.start();
  }

  /** The text that was shown is in the candidate's own journal, by its version. */
  agree(): void {
    const { consent } = view;
    if (!consent) return;
    this.on.note('recording_agreed', { version: consent.version });
    this.row.agreed = consent.version;
    this.on.persist();
    view.consent = undefined;
    view.declined = false;
    this.on.settlePhase();
    void this.film();
  }

  /** Nothing is recorded and the paper stays closed here; the body has to offer another way. */
  decline(): void {
    if (!view.declined) this.on.note('recording_declined');
    view.declined = true;
  }

  use(credential: Credential): void {
    this.camera?.use(credential);
  }

  snap(): void {
    this.camera?.snap();
  }

  stop(): void {
    this.camera?.stop();
  }

  /** Handed in: nothing more is recorded. */
  end(): void {
    this.camera?.stop();
    this.camera = undefined;
  }
}
