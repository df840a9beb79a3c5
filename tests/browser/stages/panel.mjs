// Experts say where the cut should be: blind, in two rounds, and the chair holds what came of it.
import { ok, same, truth } from '../check.mjs';

const CODES = 2;

/** What a member sees of the others before the round is over: nothing. */
async function blind(member, id) {
  const view = await member.api('GET', `/api/cut-panels/${id}`);
  same(view.items.map((i) => i.spread), Array(CODES).fill([[], []]), 'ratings of others in a round that is open');
  same(view.results, [], 'no result yet');
}

async function rateInPage(road, member, id, round, values) {
  const { page, go } = member;
  await go(`/desk/cut-panels/${id}`);
  for (const [i, value] of values.entries()) {
    await page.getByRole('heading', { name: `第 ${round} 轮，第 ${i + 1} 题` }).waitFor();
    if (round === 2) await page.getByText('第一轮的意见').waitFor();
    await page.getByLabel('一百人中答对的人数').fill(String(value));
    if (i === 0) await road.watch.look(page, `评议第 ${round} 轮`);
    await page.getByRole('button', { name: '记下，下一题' }).click();
  }
  await page.getByRole('button', { name: `提交第 ${round} 轮` }).click();
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await page.getByText(`第 ${round} 轮已提交`).waitFor();
}

async function rateByCall(member, id, round, values) {
  await member.api('PUT', `/api/cut-panels/${id}/ratings`, { round, ratings: values.map((percent, i) => ({ n: i + 1, percent })) });
  await member.api('POST', `/api/cut-panels/${id}/hand-in`, { round });
}

export async function panel(road) {
  const chair = await road.people.staff('reviewer');
  const members = await Promise.all(['panel', 'panel2', 'panel3'].map((login) => road.people.staff(login)));
  const { items } = await chair.api('GET', '/api/items?programme=national-2023&kind=single&state=live&limit=2');
  const { page, go } = chair;
  await go('/desk/cut-panels');
  await page.getByRole('link', { name: '建立评议组' }).first().click();
  await page.getByLabel('名称').fill('四级单选合格线');
  await page.getByLabel('指定试题').fill(items.map((i) => i.code).join(' '));
  for (const name of ['演示 评委', '演示 评委乙', '演示 评委丙']) await page.getByLabel(name, { exact: true }).check();
  await road.watch.look(page, '建立评议组');
  await page.getByRole('button', { name: '建立评议组，开始第一轮' }).click();
  await page.getByText('第 1 轮：0/3 人已提交').waitFor();
  const id = page.url().match(/cut-panels\/([0-9a-f]{32})/)[1];

  await rateInPage(road, members[0], id, 1, [60, 70]);
  await rateByCall(members[1], id, 1, [40, 70]);
  await blind(members[2], id);
  await rateByCall(members[2], id, 1, [80, 70]);
  await go(`/desk/cut-panels/${id}`);
  await page.getByRole('button', { name: '进入第二轮', exact: true }).click();
  await page.getByRole('button', { name: '结束第一轮，进入第二轮' }).click();
  await page.getByText('第 2 轮：0/3 人已提交').waitFor();
  await rateInPage(road, members[0], id, 2, [60, 70]);
  await rateByCall(members[1], id, 2, [50, 75]);
  await rateByCall(members[2], id, 2, [70, 65]);
  await go(`/desk/cut-panels/${id}`);
  await page.getByRole('button', { name: '结束评议' }).click();
  await page.getByLabel('主持人的说明').fill('第二轮意见趋于一致');
  await page.getByRole('button', { name: '结束并留存结果' }).click();
  await page.getByText('已结束，结果留存').waitFor();
  await page.getByText(/1\.30 \/ 2\.00 分，即 65/).first().waitFor();
  await road.watch.look(page, '评议结果');
  const view = await chair.api('GET', `/api/cut-panels/${id}`);
  same(view.results.map((r) => Number(r.cut.toFixed(6))), [1.3, 1.3], 'the cuts of both rounds');
  truth(view.results[1].se < view.results[0].se, 'the judges came nearer');
  await go(`/desk/bank/${items[0].id}`);
  await page.getByText('谁看过').click();
  await page.getByText('演示 评委丙').first().waitFor();
  await road.watch.look(page, '谁看过这道题');
  const { seen } = await chair.api('GET', `/api/items/${items[0].id}/seen`);
  same(seen.filter((s) => s.purpose === 'panel').length, 3, 'who opened the panel; one member only sent figures');
  truth(seen.some((s) => s.purpose === 'open' && s.name === '演示 审题员'), 'the reviewer opened it');
  ok('三位专家两轮评议，合格线连同误差留存');
}
