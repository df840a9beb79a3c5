import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';

import { makeI18n } from '../../shared/i18n';
import desk from '../desk';
import TwoPerson from './TwoPerson.vue';

afterEach(() => vi.unstubAllGlobals());

function show(status: number, reply: unknown) {
  const call = vi.fn().mockImplementation(() => Promise.resolve(new Response(JSON.stringify(reply), { status })));
  vi.stubGlobal('fetch', call);
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: TwoPerson }] });
  const wrapper = mount(TwoPerson, {
    props: { path: '/api/results/publish', body: { batch: 'b' }, label: '公布', question: '公布 298 人的成绩？', yes: '提请公布 298 人', reason: true },
    global: { plugins: [makeI18n([desk]).i18n, router] },
  });
  return { wrapper, call };
}

async function propose(wrapper: ReturnType<typeof show>['wrapper']) {
  await wrapper.find('button').trigger('click');
  await wrapper.find('textarea').setValue(' 全部阅毕 ');
  await wrapper.findAll('.acts button')[1]?.trigger('click');
  await flushPromises();
}

it('proposes with a reason and waits for the second person', async () => {
  const { wrapper, call } = show(202, { approval: { id: 'a', act: 'publish', expires: Date.UTC(2026, 10, 24, 9) } });
  await propose(wrapper);
  expect((call.mock.calls[0]?.[1] as RequestInit).body).toBe('{"batch":"b","reason":"全部阅毕"}');
  expect(wrapper.emitted('proposed')).toHaveLength(1);
  expect(wrapper.text()).toContain('2026-11-24 17:00');
});

it('is done at once where the server asks for no second person', async () => {
  const { wrapper } = show(200, { id: 'x' });
  await propose(wrapper);
  expect(wrapper.emitted('done')).toEqual([[{ id: 'x' }]]);
});

it('shows an objection to the reason at the reason', async () => {
  const { wrapper } = show(422, { error: { code: 'invalid', field: '/reason', text: '请写明事由' } });
  await propose(wrapper);
  expect(wrapper.find('.bad').text()).toContain('请写明事由');
  expect(wrapper.find('[role="alert"]').exists()).toBe(false);
});
