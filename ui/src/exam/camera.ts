// Camera and microphone of an online sitting, in pieces that each play alone. Whatever fails here is a
// flag in the journal and never stops the exam.
import { RECORDER_WORKER, scriptUrl } from './scripts';
import type { Credential } from './wire';

const PIECE_MS = 10_000;
const RETRY_MS = 15_000;
const SNAP_MS = 5_000;
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
  private picture: HTMLVideoElement | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private snapped = -Infinity;
  private told = false;
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
    } catch {
      this.failed('lost');
      return;
    }
    await this.open();
  }

  private async open(): Promise<void> {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE, audio: true });
    } catch (thrown) {
      return this.failed((thrown as DOMException).name === 'NotAllowedError' ? 'refused' : 'lost');
    }
    if (this.over) return this.stop();
    const { stream } = this;
    for (const track of stream.getTracks()) track.addEventListener('ended', () => this.stream === stream && this.failed('lost'));
    this.told = false;
    this.watch(stream);
    this.on.state('on');
    this.piece();
  }

  /** Never shown; snapshots are drawn from it. */
  private watch(stream: MediaStream): void {
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    void video.play().catch(() => {});
    this.picture = video;
  }

  /** Another epoch has another key. */
  use(who: Credential): void {
    this.who = who;
    this.worker?.postMessage({ what: 'credential', credential: { attempt: who.attempt, epoch: who.epoch, save: who.save } });
  }

  /** One flag for one loss; asked for again, for a plug may be put back. */
  private failed(now: 'refused' | 'lost'): void {
    if (this.over) return;
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.on.state(now);
    if (!this.told) this.on.note(now === 'refused' ? 'camera_refused' : 'camera_lost');
    this.told = true;
    this.timer = setTimeout(() => void this.open(), RETRY_MS);
  }

  /** A still picture of this moment, at most one in some seconds. */
  snap(): void {
    const video = this.picture;
    if (!video?.videoWidth || !this.stream || this.over || performance.now() - this.snapped < SNAP_MS) return;
    this.snapped = performance.now();
    const startedMs = Math.round(this.on.serverNow());
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    canvas.toBlob((blob) => blob && this.hand(`snapshot.${startedMs}.1`, 'image/jpeg', blob), 'image/jpeg', 0.8);
  }

  private hand(word: string, type: string, blob: Blob): void {
    this.worker?.postMessage({ what: 'piece', attempt: this.who.attempt, word, type, blob });
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
        if (data.size) this.hand(`camera.${startedMs}.${length}`, recorder.mimeType.startsWith('video/mp4') ? 'video/mp4' : 'video/webm', data);
      };
      recorder.onerror = () => this.failed('lost');
      recorder.start();
      this.recorder = recorder;
      this.timer = setTimeout(() => {
        if (recorder.state !== 'inactive') recorder.stop();
        this.piece();
      }, PIECE_MS);
    } catch {
      this.failed('lost');
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
