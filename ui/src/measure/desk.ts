import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

// What marks should be worth: panels of experts who say where the cut should be.
const measure: Area = {
  name: 'measure',
  messages: { zh, en },
  routes: [
    { path: '/cut-panels', component: () => import('./pages/Panels.vue'), meta: { title: 'measure.cut.title' } },
    { path: '/cut-panels/new', component: () => import('./pages/PanelNew.vue'), meta: { title: 'measure.cut.new' } },
    { path: '/cut-panels/:id([0-9a-f]{32})', component: () => import('./pages/Panel.vue'), props: true, meta: { title: 'measure.cut.one' } },
  ],
};

export default measure;
