import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

// Room nodes: at the centre who joined and how far they are; on a node its rooms.
const node: Area = {
  name: 'node',
  messages: { zh, en },
  routes: [
    { path: '/nodes', component: () => import('./pages/Nodes.vue'), meta: { title: 'node.title' } },
    { path: '/here', component: () => import('./pages/Here.vue'), meta: { title: 'node.here.title' } },
  ],
};

export default node;
