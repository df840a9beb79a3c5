import { afterEach, expect, it, vi } from 'vitest';

import { useIssue } from './useIssue';

afterEach(() => vi.unstubAllGlobals());

it('names what is refused and goes on', async () => {
  const call = vi.fn((path: string) => Promise.resolve(path.includes('/b/') ? new Response('{"error":{"code":"rule","text":"没有照片"}}', { status: 422 }) : new Response('{"id":"x"}', { status: 201 })));
  vi.stubGlobal('fetch', call);
  const one = useIssue();
  await one.issue(['a', 'b', 'c']);
  expect([one.done.value, one.issued.value, one.refused.value.length]).toEqual([3, 2, 1]);
  expect(one.refused.value[0]).toMatchObject({ award: 'b', error: { text: '没有照片' } });
  expect(one.stopped.value).toBeUndefined();
});

it('stops when the server is away, and when asked to', async () => {
  const call = vi.fn(() => Promise.resolve(new Response('{}', { status: 503 })));
  vi.stubGlobal('fetch', call);
  const one = useIssue();
  await one.issue(['a', 'b']);
  expect(call).toHaveBeenCalledTimes(1);
  expect(one.stopped.value?.status).toBe(503);

  const slow = vi.fn(() => {
    one.halt();
    return Promise.resolve(new Response('{}', { status: 201 }));
  });
  vi.stubGlobal('fetch', slow);
  await one.issue(['a', 'b']);
  expect(slow).toHaveBeenCalledTimes(1);
  expect(one.running.value).toBe(false);
});
