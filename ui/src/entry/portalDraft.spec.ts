import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';

import { useDraft, type Draft } from './portalDraft';

let version = 1;
let facts: unknown = {};
const asked: { method: string; path: string; body: Record<string, unknown> }[] = [];
let refuse: { status: number; field: string } | undefined;
let offline = false;

function answer(method: string, path: string, body: Record<string, unknown>) {
  asked.push({ method, path, body });
  if (method === 'PATCH') {
    if (body['version'] !== version) return { status: 409, reply: { error: { code: 'conflict', field: '/version', text: '', request: '' } } };
    version++;
    facts = body['facts'];
  }
  return { status: 200, reply: { entry: { id: 'a', version, state: 'draft', facts, changed_ms: 5 }, batch: {}, person: {}, evidence: [], now: 1000 + version } };
}

beforeEach(() => {
  vi.useFakeTimers();
  version = 1;
  facts = { work: [{ occupation: '讲解员', from: '2020-01-01', evidence: 'proved' }] };
  asked.length = 0;
  refuse = undefined;
  offline = false;
  vi.stubGlobal('fetch', (path: string, init: { method: string; body?: string }) => {
    if (offline) return Promise.reject(new TypeError('no network'));
    if (refuse) return Promise.resolve(new Response(JSON.stringify({ error: { code: 'x', field: refuse.field, text: 'no', request: '' } }), { status: refuse.status }));
    const { status, reply } = answer(init.method, path, JSON.parse(init.body ?? '{}') as Record<string, unknown>);
    return Promise.resolve(new Response(JSON.stringify(reply), { status }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function started(): Promise<{ draft: Draft; stop: () => void }> {
  const scope = effectScope();
  const draft = scope.run(() => useDraft(() => 'a'));
  if (!draft) throw new Error('no scope');
  await draft.load();
  return { draft, stop: () => scope.stop() };
}

it('saves once after typing rests, with the version it has seen', async () => {
  const { draft, stop } = await started();
  draft.facts.work.push({ occupation: '' });
  await nextTick();
  (draft.facts.work[1] as Record<string, unknown>)['occupation'] = '营销员';
  await nextTick();
  expect(draft.saving.value).toBe('waiting');
  await vi.advanceTimersByTimeAsync(800);
  const saves = asked.filter((a) => a.method === 'PATCH');
  expect(saves).toHaveLength(1);
  expect(saves[0]?.body).toEqual({ version: 1, facts: { work: [{ occupation: '讲解员', from: '2020-01-01' }, { occupation: '营销员' }], certificates: [], titles: [], education: [] } });
  expect(draft.saving.value).toBe('quiet');
  expect(draft.savedAt.value).toBe(1002);
  stop();
});

it('does not save what has not changed', async () => {
  const { draft, stop } = await started();
  await vi.advanceTimersByTimeAsync(5000);
  await draft.flush();
  expect(asked.filter((a) => a.method === 'PATCH')).toHaveLength(0);
  stop();
});

it('shows what another device changed, and writes over it only when told to', async () => {
  const { draft, stop } = await started();
  version = 7;
  draft.facts.titles.push({ rank: 'junior' });
  await nextTick();
  await vi.advanceTimersByTimeAsync(800);
  expect(draft.saving.value).toBe('conflict');
  draft.facts.titles.push({ rank: 'senior' });
  await nextTick();
  await vi.advanceTimersByTimeAsync(5000);
  expect(version).toBe(7);
  expect(await draft.keepMine()).toBe(true);
  expect(version).toBe(8);
  expect((facts as { titles: unknown[] }).titles).toHaveLength(2);
  stop();
});

it('takes the other version when told to', async () => {
  const { draft, stop } = await started();
  version = 7;
  draft.facts.titles.push({ rank: 'junior' });
  await nextTick();
  await vi.advanceTimersByTimeAsync(800);
  await draft.takeTheirs();
  expect(draft.facts.titles).toEqual([]);
  expect(draft.saving.value).toBe('quiet');
  stop();
});

it('tries again by itself when the network was away', async () => {
  const { draft, stop } = await started();
  offline = true;
  draft.facts.titles.push({ rank: 'junior' });
  await nextTick();
  await vi.advanceTimersByTimeAsync(800);
  expect(draft.saving.value).toBe('failed');
  offline = false;
  await vi.advanceTimersByTimeAsync(5100);
  expect(draft.saving.value).toBe('quiet');
  expect(version).toBe(2);
  stop();
});

it('keeps what was refused on the page and does not repeat it', async () => {
  const { draft, stop } = await started();
  refuse = { status: 400, field: '/facts/titles/0/rank' };
  draft.facts.titles.push({ rank: 'junior' });
  await nextTick();
  await vi.advanceTimersByTimeAsync(60000);
  expect(draft.saving.value).toBe('failed');
  expect(draft.error.value?.field).toBe('/facts/titles/0/rank');
  expect(draft.facts.titles).toHaveLength(1);
  stop();
});
