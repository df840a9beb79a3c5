// Many items at once: seen before and after, done as it was seen, refused when one has changed meanwhile.
import { ok, same, truth } from '../check.mjs';

const item = (id, more) => ({ id, kind: 'single', levels: [4], points: ['B2.1.1'], stem: `成批 ${id}：哪一项是乙？`, options: ['甲', '乙', '丙', '丁'], key: 'B', explanation: '因为乙就是乙。', difficulty: 2, cognitive: 'apply', importance: 'X', ...more });

export async function bulk(road) {
  const author = await road.people.staff('author');
  const reviewer = await road.people.staff('reviewer');
  const ids = [];
  for (const object of [item('bulk-1'), item('bulk-2'), item('bulk-3', { law: [{ name: '网络安全法', version: '2016-11-07', article: '21' }] })])
    ids.push((await author.api('POST', '/api/items', { programme: 'national-2023', object })).id);
  await author.api('POST', `/api/items/${ids[1]}/hand-in`, { version: 1 });
  await reviewer.api('POST', '/api/items/reviews', { items: [ids[1]], versions: [1], verdict: 'approve' });

  const { page, go } = author;
  road.watch.provoked.push(/400.*\/api\/items\/edits\/preview$/, /409.*\/api\/items\/edits$/);
  await go('/desk/bank?programme=national-2023&q=bulk-');
  for (const code of ['bulk-1', 'bulk-2', 'bulk-3']) await page.getByRole('row').filter({ hasText: `成批 ${code}` }).getByRole('checkbox').check();
  await road.watch.look(page, '题库勾选');
  await page.getByRole('link', { name: '更改所选 3 道' }).click();
  await page.getByText('已勾选 3 道题').waitFor();
  await page.getByRole('button', { name: '预览' }).click();
  await page.getByText('请至少选一项要改的').waitFor();
  await page.getByLabel('难度').selectOption('4');
  await page.getByLabel('加一条出处或备注').fill('二〇二六年修订');
  await page.getByRole('button', { name: '预览' }).click();
  await page.getByText('3 道题：3 道将改变，0 道不改').waitFor();
  await page.getByText('1 个审题、校对签章将失效').waitFor();
  await page.getByRole('row', { name: /bulk-3/ }).getByText('法条有变').waitFor();
  await road.watch.look(page, '成批更改');
  await page.getByLabel('选取 bulk-3').uncheck();
  await page.getByRole('button', { name: '去掉 1 道，重新预览' }).click();
  await page.getByText('2 道题：2 道将改变，0 道不改').waitFor();
  // Somebody is faster: what was seen is no longer so, and nothing is done.
  const { object } = await author.api('GET', `/api/items/${ids[0]}`);
  await author.api('PUT', `/api/items/${ids[0]}`, { version: 1, object: { ...object, importance: 'Y' } });
  await page.getByRole('button', { name: '更改这 2 道题' }).click();
  await page.getByText('预览之后有试题变过，请重新预览').waitFor();
  await page.getByRole('button', { name: '重新预览' }).click();
  await page.getByRole('button', { name: '更改这 2 道题' }).click();
  await page.getByText('已更改 2 道题').waitFor();
  const now = await Promise.all(ids.map((id) => author.api('GET', `/api/items/${id}`)));
  same(now.map((one) => [one.item.difficulty, one.item.state, one.item.approvals]), [[4, 'draft', 0], [4, 'draft', 0], [2, 'draft', 0]], 'difficulty, state and stamps of the three');
  same(now[0].object.importance, 'Y', 'what the other person had changed stays');

  await reviewer.go('/desk/bank/bulk?programme=national-2023&q=bulk-');
  await reviewer.page.getByLabel('停用理由').fill('只为试用');
  await reviewer.page.getByRole('button', { name: '预览' }).click();
  await reviewer.page.getByText('3 道题：3 道将改变，0 道不改').waitFor();
  await road.watch.look(reviewer.page, '成批停用');
  await reviewer.page.getByRole('button', { name: '停用这 3 道题' }).click();
  await reviewer.page.getByText('已停用 3 道题').waitFor();
  await reviewer.go('/desk/bank/export?programme=national-2023');
  await reviewer.page.getByLabel('导出用途').fill('移交省中心');
  await road.watch.look(reviewer.page, '导出题库');
  const [file] = await Promise.all([reviewer.page.waitForEvent('download'), reviewer.page.getByRole('button', { name: '导出', exact: true }).click()]);
  await reviewer.page.getByText('已导出').waitFor();
  truth(/^national-2023-\d+题-.*\.jsonl$/.test(file.suggestedFilename()), `the name of the file: ${file.suggestedFilename()}`);
  const { seen } = await reviewer.api('GET', `/api/items/${ids[0]}/seen`);
  truth(seen.some((s) => s.purpose === 'export'), 'the export stands beside the item');
  ok('成批更改和停用先逐题预览，照预览的做；其间有题变过就不做');
}
