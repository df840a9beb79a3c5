import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const certificate: Area = {
  name: 'certificate',
  messages: { zh, en },
  routes: [
    { path: '/certificates', component: () => import('./pages/Certificates.vue'), meta: { title: 'certificate.title' } },
    { path: '/certificates/words', component: () => import('./pages/Words.vue'), meta: { title: 'certificate.words.title' } },
    { path: '/certificates/:id', component: () => import('./pages/Certificate.vue'), props: true, meta: { title: 'certificate.one' } },
  ],
};

export default certificate;
