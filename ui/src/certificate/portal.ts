import type { Area } from '../shared/area';

const certificate: Area = {
  name: 'certificate',
  messages: { zh: {}, en: {} },
  routes: [{ path: '/certificates', component: () => import('./pages/portal/Certificates.vue'), meta: { title: 'portal.certificates.title' } }],
};

export default certificate;
