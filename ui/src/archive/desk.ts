import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const archive: Area = {
  name: 'archive',
  messages: { zh, en },
  routes: [{ path: '/archive', component: () => import('./pages/Recordings.vue'), meta: { title: 'archive.title' } }],
};

export default archive;
