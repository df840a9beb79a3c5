import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const award: Area = {
  name: 'award',
  messages: { zh, en },
  routes: [
    { path: '/results', component: () => import('./pages/Results.vue'), meta: { title: 'award.title' } },
    { path: '/results/:id', component: () => import('./pages/BatchResults.vue'), props: true, meta: { title: 'award.title' } },
  ],
};

export default award;
