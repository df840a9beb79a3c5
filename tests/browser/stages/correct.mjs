// After publication an item turns out bad: two people give everybody its marks, the session is
// marked again, and the candidate reads the amended result.
import { ok, same } from '../check.mjs';
import { openRow, twice } from '../desk.mjs';

export async function correct(road) {
  const registrar = await road.people.staff('registrar');
  const { page, go } = registrar;
  await go('/desk/marking');
  await page.getByRole('link', { name: '试卷报告' }).first().click();
  await page.getByRole('row', { name: /信度 α/ }).first().waitFor();
  await road.watch.look(page, '试卷报告');
  await go('/desk/marking');
  await page.getByRole('row', { name: /技能|操作/ }).getByRole('link', { name: '评分者报告' }).first().click();
  await page.getByText(/份作品，\d+ 次评分/).waitFor();
  await road.watch.look(page, '评分者报告');
  await go('/desk/marking');
  await page.getByRole('link', { name: '试题分析' }).first().click();
  await page.getByText(/2 份答卷/).waitFor();
  const { items } = await registrar.api('GET', `/api/sessions/${page.url().match(/sessions\/([0-9a-f]{32})/)[1]}/items`);
  const item = items.find((i) => i.p === 0.5 && i.full === 1000 && !i.by_people);
  await page.getByRole('button', { name: item.code, exact: true }).click();
  await page.getByRole('button', { name: '更正答案' }).click();
  await page.getByLabel('全员给分').check();
  await page.getByLabel(/理由/).fill('题干有两种读法');
  await page.getByRole('button', { name: '预览影响' }).click();
  await page.getByText('2 份答卷中 1 份成绩改变').waitFor();
  await road.watch.look(page, '更正答案');
  const author = await road.people.staff('author');
  const found = await author.api('GET', `/api/items?search=${item.code}`);
  await author.go(`/desk/bank/${found.items.find((i) => i.code === item.code).id}`);
  await author.page.getByRole('link', { name: '试题档案' }).click();
  await author.page.getByText(/1 次考试用过，2 名考生见过/).waitFor();
  await road.watch.look(author.page, '试题档案');
  await twice(page, '提请更正', '提请更正并重阅 2 份答卷');
  await page.getByText('已提出，等第二人确认').waitFor();
  await road.people.confirm('head', /更正试题/);
  await go('/desk/results');
  await openRow(page, '演示批次');
  await page.getByRole('button', { name: '合成成绩' }).click();
  await page.getByLabel(/更正/).fill('更正答案后重新阅卷');
  await page.getByRole('button', { name: '合成成绩', exact: true }).last().click();
  await page.getByText(/2 名考生，4 项成绩/).waitFor();
  const head = await road.people.staff('head');
  await head.go(`/desk/results/${road.batch}`);
  await twice(head.page, '公布成绩', '提请公布 2 项成绩');
  await head.page.getByText('已提出，等第二人确认').waitFor();
  await road.people.confirm('registrar', /公布.*成绩/);
  const second = road.candidates[1];
  await second.go(`/entries/${second.entry}/result`);
  const theory = second.page.locator('section', { has: second.page.getByText(/理论/) }).first();
  await theory.waitFor();
  same((await theory.locator('.sum b').innerText()).trim(), '21', `the amended theory marks of ${second.login}`);
  ok('两人更正答案，全场重阅，考生看到更正后的成绩');
}
