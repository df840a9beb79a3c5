import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { hex, type Bytes } from './bytes';
import { endings, HandedIn, typeOf } from './handed';
import type { Json } from './jcs';
import { importMac, sha256 } from './keys';
import type { Paper } from './paper';
import type { PendingFile, Store } from './store';
import { view } from './view';

const PIECE = 1 << 20;
const attempt = 'ab'.repeat(16);

/** A server that keeps pieces, and fails as it is told to. */
class Desk {
  readonly got: string[] = [];
  fail: { status: number; field?: string }[] = [];
  type = 'docx';

  answer(path: string, body: Uint8Array): Response {
    const next = this.fail.shift();
    if (next) return new Response(JSON.stringify({ error: { code: 'x', field: next.field ?? '', text: '不行。', request: '' } }), { status: next.status });
    const [, total = '0', place = '0'] = /files\/7\.[0-9a-f]{64}\.(\d+)\.(\d+)$/.exec(path) ?? [];
    this.got.push(`${place}+${body.length}`);
    const whole = Number(place) + body.length === Number(total);
    return new Response(JSON.stringify({ have: Number(place) + body.length, type: whole ? this.type : null }), { status: 200 });
  }
}

const kept = new Map<number, PendingFile>();
const store = {
  files: async () => [...kept.values()],
  putFile: async (_: string, file: PendingFile) => void kept.set(file.item, file),
  dropFile: async (_: string, item: number) => void kept.delete(item),
} as unknown as Store;
const answers: [number, Json][] = [];
let desk: Desk;
let writable = true;

async function host() {
  const save = await importMac(new Uint8Array(32), false);
  return { who: () => ({ attempt, epoch: 1, save }), over: () => false, writable: () => writable, answer: async (item: number, response: Json) => void answers.push([item, response]) };
}
const file = (length: number): Bytes => Uint8Array.from({ length }, (_, i) => i % 251);

beforeEach(() => {
  desk = new Desk();
  kept.clear();
  answers.length = 0;
  writable = true;
  view.files.clear();
  view.paper = { items: new Map([[7, { types: ['docx', 'pdf'] }]]) } as unknown as Paper;
  vi.stubGlobal('fetch', async (path: string, init: { body: Uint8Array }) => desk.answer(path, init.body));
});
afterEach(() => vi.unstubAllGlobals());

describe('a file as an answer', () => {
  it('goes in pieces and is named once the server has all of it', async () => {
    const bytes = file(2 * PIECE + 5);
    await new HandedIn(store, attempt, await host()).add(7, '脚本.docx', bytes);
    await vi.waitFor(() => expect(answers).toHaveLength(1), 60_000);
    expect(desk.got).toEqual([`0+${PIECE}`, `${PIECE}+${PIECE}`, `${2 * PIECE}+5`]);
    expect(answers[0]).toEqual([7, { bytes: bytes.length, name: '脚本.docx', sha256: hex(await sha256(bytes)), type: 'docx' }]);
    await vi.waitFor(() => expect(view.files.size + kept.size).toBe(0));
  });

  it('is sent again after a cut, and after a reload', async () => {
    desk.fail = [{ status: 503, field: '/disk' }];
    let over = false;
    await new HandedIn(store, attempt, { ...(await host()), over: () => over }).add(7, 'a.docx', file(9));
    await vi.waitFor(() => expect(view.files.get(7)?.refusal).toBe('不行。'));
    expect(answers).toHaveLength(0);
    expect(kept.size).toBe(1);
    over = true; // that page is gone
    await new HandedIn(store, attempt, await host()).resume();
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0), 60_000);
  });

  it('says what the server refuses, and names nothing', async () => {
    desk.fail = [{ status: 415, field: '/file' }];
    await new HandedIn(store, attempt, await host()).add(7, 'a.docx', file(9));
    await vi.waitFor(() => expect(kept.size).toBe(0), 60_000);
    expect(view.files.get(7)?.refusal).toBe('不行。');
    desk.type = 'png';
    await new HandedIn(store, attempt, await host()).add(7, 'b.docx', file(10));
    await vi.waitFor(() => expect(view.files.get(7)?.refusal).toContain('类型'), 60_000);
    expect(answers).toHaveLength(0);
  });

  it('would be lost by leaving the page while the disk is at it, or where the disk refused', async () => {
    let disk: (kept: boolean) => void = () => {};
    const slow = { ...store, putFile: () => new Promise<void>((done, failed) => (disk = (kept) => (kept ? done() : failed(new Error('full'))))) } as unknown as Store;
    writable = false;
    const handed = new HandedIn(slow, attempt, await host());
    const first = handed.add(7, 'a.docx', file(11));
    await vi.waitFor(() => expect(handed.unwritten).toBe(true));
    expect(view.files.get(7)?.kept).toBe(false); // nor does the page say so
    disk(true);
    await first;
    expect(view.files.get(7)?.kept).toBe(true);
    expect(handed.unwritten).toBe(false);
    const second = handed.add(7, 'b.docx', file(12));
    await vi.waitFor(() => expect(handed.unwritten).toBe(true));
    disk(false);
    await second;
    expect(handed.unwritten).toBe(true);
    writable = true; // the server gets it
    await vi.waitFor(() => expect(handed.unwritten).toBe(false), 60_000);
    expect(answers.map(([, said]) => (said as { bytes: number }).bytes).filter((length) => length > 10)).toEqual([12]);
  });

  it('chosen while an older one fails stays on the screen', async () => {
    let cut: () => void = () => {};
    vi.stubGlobal('fetch', () => new Promise((_, failed) => (cut = () => failed(new TypeError('cut')))));
    let over = false;
    const handed = new HandedIn(store, attempt, { ...(await host()), over: () => over });
    await handed.add(7, '初稿.docx', file(9));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await handed.add(7, '定稿.docx', file(10));
    cut();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(view.files.get(7)?.name).toBe('定稿.docx');
    over = true;
    cut();
  });

  it('chosen while an older one is being named is the one that counts', async () => {
    let named: () => void = () => {};
    const slow = { ...(await host()), answer: (item: number, response: Json) => new Promise<void>((done) => (answers.push([item, response]), (named = done))) };
    const handed = new HandedIn(store, attempt, slow);
    await handed.add(7, 'a.docx', file(9));
    await vi.waitFor(() => expect(answers).toHaveLength(1), 60_000);
    await handed.add(7, 'b.docx', file(10));
    named();
    await vi.waitFor(() => expect(answers).toHaveLength(2), 60_000);
    named();
    await vi.waitFor(() => expect(kept.size + view.files.size).toBe(0));
    expect(answers[1]?.[1]).toMatchObject({ name: 'b.docx', bytes: 10 });
  });

  it('waits where the paper is not on the table', async () => {
    writable = false;
    const { paper } = view;
    view.paper = undefined; // a reload: it is opened later
    await new HandedIn(store, attempt, await host()).add(7, 'a.docx', file(9));
    await vi.waitFor(() => expect(desk.got).toHaveLength(1), 60_000);
    expect(answers).toHaveLength(0);
    view.paper = paper;
    writable = true;
    await vi.waitFor(() => expect(answers).toHaveLength(1), 60_000);
  });

  it('knows files by their endings', () => {
    expect(typeOf('x.JPG')).toBe('jpeg');
    expect(typeOf('x.docm')).toBe('');
    expect(endings(['jpeg', 'pdf'])).toEqual(['.pdf', '.jpg', '.jpeg']);
  });
});
