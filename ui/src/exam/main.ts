// The exam client, at /sit. Its own entry: nothing of the desk, no third-party component.
import '../shared/tokens.css';
import '../shared/base.css';
import './exam.css';

import { createApp } from 'vue';

import App from './App.vue';
import Check from './pages/Check.vue';
import { followLanguage, t } from './text';
import { exam } from './useExam';

if (location.hash.startsWith('#check')) {
  followLanguage(() => `${t('exam.check.title')} · 衡`);
  createApp(Check).mount('#app');
} else {
  createApp(App).mount('#app');
  void exam.start();
}
