import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const audit: Area = {
  name: 'audit',
  messages: { zh, en },
  routes: [{ path: '/audit', component: () => import('./pages/Audit.vue'), meta: { title: 'audit.title' } }],
};

export default audit;
