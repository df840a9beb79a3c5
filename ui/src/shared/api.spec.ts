import { afterEach, expect, it, vi } from 'vitest';

import { api, ApiError, onUnauthorised, url, useApi, withQuery } from './api';

const answer = (status: number, body: string, headers: Record<string, string> = {}) => {
  const call = vi.fn().mockResolvedValue(new Response(status === 204 ? null : body, { status, headers }));
  vi.stubGlobal('fetch', call);
  return call;
};
const caught = (work: Promise<unknown>) => work.then(() => undefined, (thrown: unknown) => thrown as ApiError);

afterEach(() => vi.unstubAllGlobals());

it('sends our header and JSON, and reads JSON', async () => {
  const call = answer(200, '{"id":"a"}');
  expect(await api('POST', '/api/x', { n: 1 })).toEqual({ id: 'a' });
  const [path, init] = call.mock.calls[0] as [string, RequestInit];
  expect(path).toBe('/api/x');
  expect(init.body).toBe('{"n":1}');
  expect(init.headers).toMatchObject({ 'Heng-Request': '1', 'Content-Type': 'application/json' });
});

it('throws what the server objects to', async () => {
  answer(409, '{"error":{"code":"conflict","field":"/version","text":"别人刚改过","request":"r1"}}');
  expect(await caught(api('PUT', '/api/x', {}))).toMatchObject({ status: 409, code: 'conflict', field: '/version', text: '别人刚改过', requestId: 'r1' });
});

it.each([
  [502, '<html>', 'http_502'],
  [500, '{"error":"?"}', 'http_500'],
  [500, '[]', 'http_500'],
  [500, 'null', 'http_500'],
  [200, '<html>', 'garbled'],
])('survives a strange answer: %i %s', async (status, body, code) => {
  answer(status, body);
  expect(await caught(api('GET', '/api/x'))).toMatchObject({ status, code, text: '' });
});

it('says how long to wait', async () => {
  answer(429, '{"error":{"code":"busy"}}', { 'Retry-After': '7' });
  expect(await caught(api('GET', '/api/x'))).toMatchObject({ retryAfter: 7 });
});

it('tells a lost network from an aborted call', async () => {
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('network')));
  expect(await caught(api('GET', '/api/x'))).toMatchObject({ status: 0, code: 'offline' });
  expect(await caught(api('GET', '/api/x', undefined, { signal: AbortSignal.abort() }))).not.toBeInstanceOf(ApiError);
});

it('announces the end of a sign-in once, unless the caller handles it', async () => {
  const ended = vi.fn();
  onUnauthorised(ended);
  answer(401, '');
  await caught(api('GET', '/api/me', undefined, { quiet401: true }));
  expect(ended).not.toHaveBeenCalled();
  answer(401, '');
  await caught(api('GET', '/api/x'));
  expect(ended).toHaveBeenCalledOnce();
});

it('takes an empty answer', async () => {
  answer(204, '');
  expect(await api('DELETE', '/api/x')).toBeUndefined();
});

it('lets the last call win', async () => {
  const waiting: ((value: string) => void)[] = [];
  const { data, loading, load } = useApi(() => new Promise<string>((resolve) => waiting.push(resolve)));
  const both = [load(), load()];
  waiting[1]?.('second');
  waiting[0]?.('first');
  await Promise.all(both);
  expect(data.value).toBe('second');
  expect(loading.value).toBe(false);
});

it('builds addresses', () => {
  expect(url`/api/a/${'x/../y'}/b`).toBe('/api/a/x%2F..%2Fy/b');
  expect(withQuery('/api/a', { q: '苏 晚', n: 0, none: '', no: undefined })).toBe('/api/a?q=%E8%8B%8F+%E6%99%9A&n=0');
});
