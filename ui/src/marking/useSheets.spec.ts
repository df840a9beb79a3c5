import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';

import { useSheets } from './useSheets';

const rubric = { component: 'skills', full: 2000, pass: 1200, points: [{ id: 'p', full: 1000 }, { id: 'q', full: 1000 }] };
const sheet = (entry: string) => ({ entry, label: entry, level: 3, direction: 'C', scores: null, note: null, total: 0, version: 0, submitted_ms: 0, recused: false, rubric });
const call = vi.fn();
beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset();
  vi.stubGlobal('fetch', call);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const reply = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }));
const sent = (n: number) => JSON.parse(String((call.mock.calls[n]?.[1] as RequestInit).body)) as Record<string, unknown>;

async function begin() {
  call.mockImplementationOnce(() => reply({ component: 'skills', sheets: [sheet('a'), sheet('b')] }));
  const scope = effectScope();
  const one = scope.run(() => useSheets('s'));
  await flushPromises();
  if (!one) throw new Error('no scope');
  return { one, scope };
}

it('saves after a pause, with the version that was read', async () => {
  const { one, scope } = await begin();
  one.give('p', 500);
  one.give('q', 1000);
  call.mockImplementationOnce(() => reply({ version: 1 }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent(1)).toEqual({ scores: { p: 500, q: 1000 }, version: 0 });
  expect(one.saving.value).toBe('saved');
  one.give('p', 1000);
  call.mockImplementationOnce(() => reply({ version: 2 }));
  await one.submit();
  expect(sent(2)).toEqual({ scores: { p: 1000, q: 1000 }, version: 1, submit: true });
  expect(one.locked.value).toBe(true);
  one.give('p', 0);
  expect(one.scores.value['p']).toBe(1000);
  scope.stop();
});

it('stays on a sheet that could not be saved', async () => {
  const { one, scope } = await begin();
  one.give('p', 500);
  call.mockImplementationOnce(() => reply({ error: { code: 'conflict', text: '已被改过' } }, 409));
  await one.go('b');
  expect(one.at.value).toBe('a');
  expect(one.saving.value).toBe('failed');
  call.mockImplementationOnce(() => reply({ version: 1 }));
  await one.go('b');
  expect(one.at.value).toBe('b');
  scope.stop();
});
