import type { Area } from '../shared/area';

const award: Area = {
  name: 'award',
  messages: { zh: {}, en: {} },
  routes: [{ path: '/entries/:id/result', component: () => import('./pages/portal/Result.vue'), props: true, meta: { title: 'portal.result.title' } }],
};

export default award;
