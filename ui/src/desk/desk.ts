import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const desk: Area = {
  name: 'desk',
  messages: { zh, en },
  routes: [
    { path: '/', component: () => import('./pages/Home.vue'), meta: { title: 'desk.home.title' } },
    { path: '/approvals', component: () => import('./pages/Approvals.vue'), meta: { title: 'desk.approvals.title' } },
  ],
};

export default desk;
