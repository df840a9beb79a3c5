import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const programme: Area = {
  name: 'programme',
  messages: { zh, en },
  routes: [
    { path: '/programmes', component: () => import('./pages/Programmes.vue'), meta: { title: 'programme.title' } },
    { path: '/programmes/:id', component: () => import('./pages/Programme.vue'), props: true, meta: { title: 'programme.one' } },
  ],
};

export default programme;
