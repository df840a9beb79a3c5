import { afterEach, expect, it, vi } from 'vitest';

import { useScanUpload } from './useScanUpload';

const report = (file: string, more = {}) => ({ file, known: false, pages: 2, read: 2, refused: 0, doubtful: 1, entered: 0, ...more });
const files = (...names: string[]) => names.map((name) => new File(['x'], name)) as unknown as FileList;
const reply = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

afterEach(() => vi.unstubAllGlobals());

it('sends one after the other; one that is refused holds up none and can be sent again', async () => {
  const broken = { error: { code: 'invalid', field: '/file', text: '文件是空的。' } };
  const answers = [reply(report('f1')), reply(broken, 400), reply(report('f3', { known: true, pages: 0, read: 0, doubtful: 0 }))];
  const call = vi.fn(() => Promise.resolve(answers.shift()));
  vi.stubGlobal('fetch', call);
  const landed = vi.fn();
  const upload = useScanUpload(() => 's', landed);
  upload.choose(files('one.tif', 'two.tif', 'three.pdf'));
  await upload.send();
  expect(call).toHaveBeenCalledTimes(3);
  expect(landed).toHaveBeenCalledTimes(3);
  expect(upload.files.value.map((one) => one.state)).toEqual(['done', 'failed', 'done']);
  expect([upload.done.value, upload.failed.value, upload.waits.value]).toEqual([3, 1, false]);
  expect(upload.files.value[1]?.error?.text).toBe('文件是空的。');
  expect(upload.total.value).toEqual({ pages: 2, read: 2, refused: 0, doubtful: 1, entered: 0, known: 1 });
  expect(upload.nameOf('f1')).toBe('one.tif');
  expect(upload.nameOf('f2')).toBeUndefined();

  answers.push(reply(report('f2')));
  upload.again();
  await vi.waitFor(() => expect(upload.busy.value).toBe(false));
  expect(call).toHaveBeenCalledTimes(4);
  expect([upload.failed.value, upload.total.value.read]).toEqual([0, 4]);
});

it('stops after the file that is on its way', async () => {
  const upload = useScanUpload(() => 's', () => {});
  vi.stubGlobal('fetch', () => {
    upload.stop();
    return Promise.resolve(reply(report('f1')));
  });
  upload.choose(files('one.tif', 'two.tif'));
  await upload.send();
  expect(upload.files.value.map((one) => one.state)).toEqual(['done', 'waits']);
  expect(upload.waits.value).toBe(true);
});
