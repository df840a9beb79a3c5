import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router';

import { makeI18n } from '../../shared/i18n';
import desk from '../desk';
import { useList } from '../useList';
import DeskList from './DeskList.vue';

interface Row {
  id: string;
  name: string;
}
const people: Row[] = ['苏晚晴', '沈嘉树', '梁见微'].map((name, i) => ({ id: String(i), name }));
const opened = vi.fn();
let router: Router;
let call: ReturnType<typeof vi.fn>;

function page(local: boolean) {
  return defineComponent(() => {
    const list = useList<Row>({ path: '/api/people', key: 'people', size: 2, ...(local ? { local: { text: (r) => r.name } } : {}) });
    const columns = [{ key: 'name', label: '姓名' }];
    const Generic = DeskList as unknown as ReturnType<typeof defineComponent>;
    return () => h(Generic, { list, columns, label: '人员', search: '姓名', selectable: true, onOpen: opened });
  });
}

async function show(local: boolean, reply: unknown = { people, total: people.length }, status = 200) {
  call = vi.fn().mockImplementation(() => Promise.resolve(new Response(JSON.stringify(reply), { status })));
  vi.stubGlobal('fetch', call);
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: page(local) }] });
  await router.push('/');
  const wrapper = mount(RouterView, { attachTo: document.body, global: { plugins: [makeI18n([desk]).i18n, router] } });
  await flushPromises();
  return wrapper;
}
const press = async (key: string) => {
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await flushPromises();
};
const current = () => document.querySelector('tr[aria-selected="true"]')?.textContent ?? '';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  opened.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

it('moves, marks and opens by keyboard', async () => {
  const wrapper = await show(true);
  expect(current()).toContain('苏晚晴');
  await press('j');
  await press('j');
  expect(current()).toContain('沈嘉树');
  await press('j'); // the last of the page
  expect(current()).toContain('沈嘉树');
  await press('x');
  expect(wrapper.findAll('tbody input:checked')).toHaveLength(1);
  await press('Enter');
  expect(opened).toHaveBeenCalledWith(people[1]);
  wrapper.unmount();
});

it('keeps the filter in the address and says when nothing matches', async () => {
  const wrapper = await show(true);
  await press('/');
  expect(document.activeElement?.tagName).toBe('INPUT');
  await wrapper.find('input[type="search"]').setValue('没有此人');
  await vi.runAllTimersAsync();
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ q: '没有此人' });
  expect(wrapper.text()).toContain('没有符合筛选的内容');
  await wrapper.find('.blank button').trigger('click');
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({});
  expect(wrapper.findAll('tbody tr')).toHaveLength(2);
  wrapper.unmount();
});

it('asks the server for one page and turns it', async () => {
  const wrapper = await show(false, { people: people.slice(0, 2), total: 3 });
  expect(call.mock.calls[0]?.[0]).toBe('/api/people?limit=2&offset=0');
  await press('PageDown');
  expect(call.mock.calls.at(-1)?.[0]).toBe('/api/people?limit=2&offset=2');
  expect(router.currentRoute.value.query).toEqual({ page: '2' });
  wrapper.unmount();
});

it('shows the sentence of the server and tries again', async () => {
  const wrapper = await show(false, { error: { code: 'busy', text: '正忙', request: 'r9' } }, 503);
  expect(wrapper.find('[role="alert"]').text()).toContain('正忙');
  await wrapper.find('[role="alert"] button').trigger('click');
  await flushPromises();
  expect(call).toHaveBeenCalledTimes(2);
  wrapper.unmount();
});
