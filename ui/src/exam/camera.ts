// Camera and microphone of an online sitting, in pieces that each play alone. Whatever fails here is a
// flag in the journal and never stops the exam.
import { RECORDER_WORKER, scriptUrl } from './scripts';
import type { Credential } from './wire';

const PIECE_MS = 10_000;
const TYPES = ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'];
/** Small and slow enough for old PCs: some 250 kbit/s. */
const PICTURE = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 8, max: 10 } };
const RATES = { videoBitsPerSecond: 200_000, audioBitsPerSecond: 32_000 };

export type CameraState = 'off' | 'on' | 'refused' | 'lost';

export interface CameraEvents {
  state(now: CameraState): void;
  note(what: 'camera_refused' | 'camera_lost' | 'recording_late'): void;
  serverNow(): number;
}

export class Camera {
  private stream: MediaStream | undefined;
  private worker: Worker | undefined;
  private recorder: MediaRecorder | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(
    private who: Credential,
    private readonly on: CameraEvents,
  ) {}

  async start(): Promise<void> {
    try {
      this.worker = new Worker(scriptUrl(RECORDER_WORKER));
      this.worker.onmessage = ({ data }: MessageEvent<{ what: string }>) => {
        if (data.what === 'late') this.on.note('recording_late');
        else if (data.what === 'lost') this.on.note('camera_lost');
      };
      this.use(this.who);
      this.stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE, audio: true });
    } catch {
      this.on.state('refused');
      this.on.note('camera_refused');
      return;
    }
    if (this.over) return this.stop();
    for (const track of this.stream.getTracks()) track.addEventListener('ended', () => this.lost());
    this.on.state('on');
    this.piece();
  }

  /** Another epoch has another key. */
  use(who: Credential): void {
    this.who = who;
    this.worker?.postMessage({ what: 'credential', credential: { attempt: who.attempt, epoch: who.epoch, save: who.save } });
  }

  private lost(): void {
    if (this.over) return;
    this.on.state('lost');
    this.on.note('camera_lost');
  }

  private piece(): void {
    const { stream } = this;
    if (!stream || this.over) return;
    try {
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      const recorder = new MediaRecorder(stream, { ...RATES, ...(mimeType ? { mimeType } : {}) });
      const startedMs = Math.round(this.on.serverNow());
      const began = performance.now();
      recorder.ondataavailable = ({ data }) => {
        const length = Math.min(60_000, Math.max(1, Math.round(performance.now() - began)));
        const type = recorder.mimeType.startsWith('video/mp4') ? 'video/mp4' : 'video/webm';
        if (data.size) this.worker?.postMessage({ what: 'piece', attempt: this.who.attempt, word: `camera.${startedMs}.${length}`, type, blob: data });
      };
      recorder.onerror = () => this.lost();
      recorder.start();
      this.recorder = recorder;
      this.timer = setTimeout(() => {
        if (recorder.state !== 'inactive') recorder.stop();
        this.piece();
      }, PIECE_MS);
    } catch {
      this.lost();
    }
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
    if (this.recorder && this.recorder.state !== 'inactive') this.recorder.stop();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.on.state('off');
  }
}
