// After publication an item turns out bad: two people give everybody its marks, the session is
// marked again, and the candidate reads the amended result. Later another key was wrong, and a certificate
// that was issued meanwhile rests on it.
import { figures } from '../charts.mjs';
import { ok, same, truth } from '../check.mjs';
import { openRow, twice } from '../desk.mjs';

/** The picture of the marks: each candidate of a form in the step of their marks, on the right side of the pass mark. */
async function spread(road, page) {
  const seen = [];
  for (const [i, name] of (await page.getByRole('img', { name: /份答卷的得分率分布/ }).all()).entries()) {
    const label = await name.getAttribute('aria-label');
    same(Number(label.match(/^(\d+) 份/)[1]), 1, `candidates of form ${i + 1}`);
    const { head, rows } = await figures(page, label);
    same(head.slice(1), ['未达到合格线', '达到合格线'], 'series of the picture');
    for (const [step, below, reached] of rows) for (const [n, side] of [[below, '不合格'], [reached, '合格']]) if (n !== '0') seen.push(`${step} ${n} ${side}`);
  }
  const wanted = (road.theoryMarks ?? ['60', '20']).map((text) => { const from = Math.min(Math.floor(Number(text) / 5) * 5, 95); return `${from}–${from === 95 ? 100 : from + 4} 1 ${Number(text) >= 60 ? '合格' : '不合格'}`; });
  same(seen.sort(), wanted.sort(), 'where the marks stand');
}

/** The second person confirms; all is marked again, computed again and published by two. */
async function again(road, registrar, publishes) {
  const { page, go } = registrar;
  await road.people.confirm('head', /更正试题/);
  await go('/desk/results');
  await openRow(page, '演示批次');
  await page.getByRole('button', { name: '合成成绩' }).click();
  await page.getByLabel(/更正/).fill('更正答案后重新阅卷');
  await page.getByRole('button', { name: '合成成绩', exact: true }).last().click();
  await page.getByText(/2 名考生，4 项成绩/).waitFor();
  const head = await road.people.staff('head');
  await head.go(`/desk/results/${road.batch}`);
  await twice(head.page, '公布成绩', publishes);
  await head.page.getByText('已提出，等第二人确认').waitFor();
  await road.people.confirm('registrar', /公布.*成绩/);
}

export async function correct(road) {
  const registrar = await road.people.staff('registrar');
  const { page, go } = registrar;
  await go('/desk/marking');
  await page.getByRole('link', { name: '试卷报告' }).first().click();
  await page.getByRole('row', { name: /信度 α/ }).first().waitFor();
  await spread(road, page);
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
  await again(road, registrar, '提请公布 2 项成绩');
  const second = road.candidates[1];
  await second.go(`/entries/${second.entry}/result`);
  const theory = second.page.locator('section', { has: second.page.getByText(/理论/) }).first();
  await theory.waitFor();
  same((await theory.locator('.sum b').innerText()).trim(), '21', `the amended theory marks of ${second.login}`);
  ok('两人更正答案，全场重阅，考生看到更正后的成绩');
}

const theoryOf = (person) => person.page.locator('section', { has: person.page.getByText(/理论/) }).first();

/** The key of a question that the holder of a certificate had right, and that carried the pass. */
export async function rekey(road) {
  const registrar = await road.people.staff('registrar');
  const { page, go } = registrar;
  await go('/desk/marking');
  await page.getByRole('link', { name: '试题分析' }).first().click();
  await page.getByText(/2 份答卷/).waitFor();
  const { items } = await registrar.api('GET', `/api/sessions/${page.url().match(/sessions\/([0-9a-f]{32})/)[1]}/items`);
  const item = items.find((i) => i.p === 0.5 && i.full === 1000 && !i.by_people && !i.credit && /^[A-D]$/.test(i.key));
  await page.getByRole('button', { name: item.code, exact: true }).click();
  await page.getByRole('button', { name: '更正答案' }).click();
  await page.getByLabel('改为另一答案').check();
  await page.getByLabel(/^答案/).fill(item.key === 'A' ? 'B' : 'A');
  await page.getByLabel(/理由/).fill('原答案有误，专家组复议后更正');
  await page.getByRole('button', { name: '预览影响' }).click();
  await page.getByText('2 份答卷中 1 份成绩改变').waitFor();
  await page.getByText('由合格变为不合格 1 人').waitFor();
  await page.getByText(/以下证书所依据的成绩将不再合格/).waitFor();
  const row = page.getByRole('row', { name: road.candidates[0].name });
  const cells = (await row.locator('td').allInnerTexts()).map((text) => text.trim());
  same(cells.slice(1), ['60', '59', '✕ 变为不合格', road.certificate.number], 'what the preview says of the holder');
  await road.watch.look(page, '更正答案：证书受影响');
  await twice(page, '提请更正', '提请更正并重阅 2 份答卷');
  await page.getByText('已提出，等第二人确认').waitFor();
  await again(road, registrar, /提请公布 \d 项成绩/);
  const [first] = road.candidates;
  await first.go(`/entries/${first.entry}/result`);
  await theoryOf(first).waitFor();
  same((await theoryOf(first).locator('.sum b').innerText()).trim(), '59', `the amended theory marks of ${first.login}`);
  truth((await theoryOf(first).innerText()).includes('不合格'), `${first.login} reads that it is a fail`);
  const issuer = await road.people.staff('issuer');
  await issuer.go('/desk/certificates');
  await issuer.page.getByText('1 张有效证书所依据的成绩已更正为不合格').waitFor();
  await road.watch.look(issuer.page, '证书：待撤销');
  await issuer.page.getByRole('link', { name: road.certificate.number }).first().click();
  await issuer.page.getByText('这张证书所依据的成绩已更正为不合格').waitFor();
  await road.watch.look(issuer.page, '一张证书：待撤销');
  ok('签发之后更正答案：预览列出证书，两人更正、全场重阅、两人公布，签发员看到待撤销的证书');
}
