import type { Area } from '../shared/area';
import { account } from './account';

// Words of the portal's own pages are in portal/messages.*.ts: the desk does not load them.
const people: Area = {
  ...account,
  routes: [
    ...account.routes.filter((route) => route.path !== '/me'),
    { path: '/register', name: 'register', component: () => import('./pages/portal/Register.vue'), meta: { open: true, title: 'portal.register.title' } },
    { path: '/me', component: () => import('./pages/portal/Me.vue'), meta: { title: 'people.me.title' } },
    { path: '/me/person', component: () => import('./pages/portal/Person.vue'), meta: { title: 'portal.person.title' } },
    { path: '/me/consents', component: () => import('./pages/portal/Consents.vue'), meta: { title: 'portal.consents.title' } },
    { path: '/me/views', component: () => import('./pages/portal/Views.vue'), meta: { title: 'portal.views.title' } },
    { path: '/me/sign-ins', component: () => import('./pages/portal/SignIns.vue'), meta: { title: 'portal.signIns.title' } },
  ],
};

export default people;
