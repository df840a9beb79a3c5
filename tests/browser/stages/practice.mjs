// A retired item becomes a practice item by two, and a candidate practises with it; no exam item shows.
import { ok, same, truth } from '../check.mjs';

const ITEM = { id: 'practice-1', kind: 'single', levels: [4], points: ['B2.1.1'], stem: '练习题：下列哪一项是乙？', options: ['甲', '乙', '丙', '丁'], key: 'B', explanation: '因为乙就是乙。', difficulty: 2, cognitive: 'apply', importance: 'X' };

export async function practice(road) {
  const author = await road.people.staff('author');
  const reviewer = await road.people.staff('reviewer');
  const { id } = await author.api('POST', '/api/items', { programme: 'national-2023', object: ITEM });
  await reviewer.api('POST', `/api/items/${id}/retire`, { reason: '已在培训中公开' });
  await reviewer.go(`/desk/bank/${id}`);
  await reviewer.page.getByRole('button', { name: '转为练习题' }).click();
  await reviewer.page.locator('.sure textarea').fill('已在培训中公开');
  await reviewer.page.getByRole('button', { name: '提请转为练习题' }).click();
  await reviewer.page.getByText('等第二人确认').first().waitFor();
  await road.people.confirm('reviewer2', /转为练习题/);
  await reviewer.go(`/desk/bank/${id}`);
  await reviewer.page.getByText('练习题：考生可以看到题和答案').waitFor();
  await road.watch.look(reviewer.page, '练习题');

  const login = '13900000077';
  const password = `a long sentence of ${login}`;
  const candidate = await road.people.open({ login, password, name: '周小满' });
  await candidate.api('POST', '/api/register', { login, password, display_name: '周小满' });
  await candidate.api('POST', '/api/sign-in', { login, password });
  const { page, go } = candidate;
  await go('/');
  await page.getByRole('navigation', { name: '练习' }).getByRole('link').click();
  await page.getByText('练习题：下列哪一项是乙？').waitFor();
  await page.getByText('因为乙就是乙').count().then((n) => same(n, 0, 'the explanation before the answer'));
  await page.getByRole('radio').nth(1).check();
  await page.getByRole('button', { name: '对答案' }).click();
  await page.getByText('答对了').waitFor();
  await page.getByText('因为乙就是乙').waitFor();
  await road.watch.look(page, '考生练习');
  const shown = await candidate.api('GET', '/api/practice/items?programme=national-2023');
  same(shown.total, 1, 'items that a candidate sees');
  truth(!JSON.stringify(shown).includes('因为乙'), 'no explanation beside the question');
  ok('停用的题经两人转为练习题，考生练习后看到答案和解析');
}
