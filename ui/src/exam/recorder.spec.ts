// @vitest-environment node
// What is "on this computer": until the disk has said so, leaving the page would lose it.
import { describe, expect, it } from 'vitest';

import { makeDevice } from './keys';
import { Recorder } from './recorder';
import { StoreFailed, type AttemptRow, type EpochRow, type Store } from './store';

const attempt = 'ab'.repeat(16);

/** A disk that answers when it is told to. */
class SlowDisk {
  private waiting: { done: () => void; failed: (e: Error) => void }[] = [];

  append(): Promise<void> {
    return new Promise((done, failed) => this.waiting.push({ done, failed }));
  }
  drop = async () => {};
  epochs = async () => [{ attempt, epoch: 1, seq: 0, hash: new Uint8Array(32), monoMs: 0, wallMs: Date.now() } as unknown as EpochRow];
  entries = async () => [];
  answers = async () => [];

  /** The oldest write that has reached the disk. */
  private async next() {
    for (;;) {
      const one = this.waiting.shift();
      if (one) return one;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  async take(): Promise<void> {
    (await this.next()).done();
  }
  async refuse(): Promise<void> {
    (await this.next()).failed(new StoreFailed('full'));
  }
}

async function recorder(disk: SlowDisk): Promise<Recorder> {
  const row = { attempt, epoch: 1, device: await makeDevice(false) } as unknown as AttemptRow;
  const made = new Recorder(disk as unknown as Store, row, 'token', { kept: () => {}, disk: () => {}, writerLost: () => {} }, () => 0);
  await made.load();
  return made;
}
const answer = (r: Recorder, item: number) => r.write('answer', item, ['A'], { response: ['A'], visited: true });

describe('what leaving the page would lose', () => {
  it('is an answer whose write is under way, and nothing once it is on disk', async () => {
    const disk = new SlowDisk();
    const r = await recorder(disk);
    expect(r.unwritten).toBe(false);
    const first = answer(r, 1);
    const second = answer(r, 2);
    expect(r.unwritten).toBe(true);
    await disk.take();
    await first;
    expect(r.unwritten).toBe(true);
    await disk.take();
    await second;
    await r.settled();
    expect(r.unwritten).toBe(false);
  });

  it('is a mark, but not a look at a question or an event', async () => {
    const disk = new SlowDisk();
    const r = await recorder(disk);
    void r.write('visit', 3, null, { visited: true });
    void r.write('event', 0, { what: 'blur' });
    expect(r.unwritten).toBe(false);
    const mark = r.write('flag', 3, true, { flagged: true });
    expect(r.unwritten).toBe(true);
    for (let i = 0; i < 3; i++) await disk.take();
    await mark;
    await r.settled();
    expect(r.unwritten).toBe(false);
  });

  it('is what the disk refused, until the server has it', async () => {
    const disk = new SlowDisk();
    const r = await recorder(disk);
    const refused = answer(r, 1);
    await disk.refuse();
    const entry = await refused;
    await r.settled();
    expect(r.unwritten).toBe(true);
    r.drop(1, entry?.seq ?? 0);
    expect(r.unwritten).toBe(false);
  });

  it('is what the disk refused, until a later write takes it along', async () => {
    const disk = new SlowDisk();
    const r = await recorder(disk);
    const refused = answer(r, 1);
    await disk.refuse();
    await refused;
    const later = answer(r, 2);
    await disk.take();
    await later;
    await r.settled();
    expect(r.unwritten).toBe(false);
  });
});
