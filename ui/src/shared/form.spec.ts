import { expect, it } from 'vitest';

import { ApiError } from './api';
import { useForm } from './form';

const objection = (field: string) => new ApiError(422, 'invalid', field, '不对', 'r');

it('puts the objection at its field, or above the form when no field has claimed it', async () => {
  const form = useForm({ name: '' }, () => Promise.reject(objection('/name')));
  expect(await form.submit()).toBeUndefined();
  expect(form.at('/name')).toBe('不对');
  expect(form.general.value?.field).toBe('/name');
  const release = form.claim('/name');
  expect(form.general.value).toBeUndefined();
  release();
  expect(form.general.value).toBeDefined();
});

it('sends once at a time and knows what has changed', async () => {
  let sent = 0;
  let finish = () => {};
  const form = useForm({ name: 'a' }, () => {
    sent += 1;
    return new Promise<string>((resolve) => (finish = () => resolve('done')));
  });
  form.values.name = 'b';
  expect(form.changed.value).toBe(true);
  const first = form.submit();
  expect(await form.submit()).toBeUndefined();
  finish();
  expect(await first).toBe('done');
  expect(sent).toBe(1);
  expect(form.changed.value).toBe(false);
});
