// The exam client, at /sit. Its own entry: nothing of the desk, no third-party component.
import '../shared/tokens.css';
import '../shared/base.css';
import './exam.css';

import { createApp } from 'vue';

import App from './App.vue';
import { exam } from './useExam';

createApp(App).mount('#app');
void exam.start();
