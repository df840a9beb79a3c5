import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

// Candidates practise with items that exams no longer use.
const practice: Area = {
  name: 'practice',
  messages: { zh, en },
  routes: [{ path: '/practice', component: () => import('./pages/Practice.vue'), meta: { title: 'practice.title' } }],
};

export default practice;
