// The exam client, at /sit. Its own entry: nothing of the desk, no third-party component.
import '../shared/tokens.css';
import '../shared/base.css';

const app = document.getElementById('app');
if (app) app.textContent = '考试客户端';
