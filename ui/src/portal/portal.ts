import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const portal: Area = {
  name: 'portal',
  messages: { zh, en },
  routes: [{ path: '/', component: () => import('./pages/Home.vue'), meta: { title: 'portal.home.title' } }],
};

export default portal;
