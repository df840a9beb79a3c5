import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

// Forms composed from the bank, and how far the papers of each session are.
const paper: Area = {
  name: 'paper',
  messages: { zh, en },
  routes: [
    { path: '/papers', component: () => import('./pages/Papers.vue'), meta: { title: 'paper.title' } },
    { path: '/papers/new', component: () => import('./pages/Compose.vue'), meta: { title: 'paper.compose.title' } },
    { path: '/papers/:id([0-9a-f]{32})', component: () => import('./pages/Form.vue'), props: true, meta: { title: 'paper.form.title' } },
    { path: '/papers/sessions/:id([0-9a-f]{32})', component: () => import('./pages/Seal.vue'), props: true, meta: { title: 'paper.seal.title' } },
  ],
};

export default paper;
