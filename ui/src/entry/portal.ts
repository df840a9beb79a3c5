import type { Area } from '../shared/area';

// Words are in portal/messages.*.ts: the portal loads no words of the desk.
const entry: Area = {
  name: 'entry',
  messages: { zh: {}, en: {} },
  routes: [
    { path: '/apply', component: () => import('./pages/portal/Apply.vue'), meta: { title: 'portal.apply.title' } },
    { path: '/entries', component: () => import('./pages/portal/Entries.vue'), meta: { title: 'portal.entries.title' } },
    { path: '/entries/:id/ticket', component: () => import('./pages/portal/Ticket.vue'), props: true, meta: { title: 'portal.ticket.title' } },
    {
      path: '/entries/:id/:step(consent|person|photo|facts|files|submit)?',
      component: () => import('./pages/portal/Entry.vue'),
      props: true,
      meta: { title: 'portal.entry.title' },
    },
  ],
};

export default entry;
