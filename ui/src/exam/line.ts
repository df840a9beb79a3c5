// Whether the server can be reached: shown when it has been silent for some seconds.
import { t } from './text';
import { view } from './view';

const OFFLINE_AFTER_MS = 4_000;

interface Host {
  streamUp(): boolean;
  backingOff(): boolean;
  waiting(): number;
  now(): number;
  note(what: string): void;
}

const mono = () => performance.now();

export class Line {
  private contact = mono();

  constructor(private readonly on: Host) {}

  /** Something came from the server. */
  heard(): void {
    this.contact = mono();
  }

  touch(): void {
    this.heard();
    if (view.offlineMs !== null && !this.on.backingOff()) {
      view.offlineMs = null;
      view.said = t('exam.line.back');
      this.on.note('online');
    }
  }

  watch(): void {
    const up = this.on.streamUp();
    const cut = (!up || (this.on.backingOff() && this.on.waiting() > 0)) && mono() - this.contact > OFFLINE_AFTER_MS;
    if (!cut || view.offlineMs !== null || ['receipt', 'voided'].includes(view.phase)) {
      if (!cut && up && view.offlineMs !== null) this.touch();
      return;
    }
    view.offlineMs = this.on.now() - (mono() - this.contact);
    view.said = t('exam.line.said');
    this.on.note('offline');
  }
}
