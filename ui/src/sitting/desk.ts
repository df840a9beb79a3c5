import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const sitting: Area = {
  name: 'sitting',
  messages: { zh, en },
  routes: [
    { path: '/rooms', component: () => import('./pages/Rooms.vue'), meta: { title: 'sitting.rooms.title' } },
    { path: '/rooms/:id', component: () => import('./pages/Room.vue'), props: true, meta: { title: 'sitting.room' } },
    { path: '/sessions', component: () => import('./pages/Sessions.vue'), meta: { title: 'sitting.sessions.title' } },
    { path: '/sessions/:id', component: () => import('./pages/Session.vue'), props: true, meta: { title: 'sitting.session' } },
  ],
};

export default sitting;
