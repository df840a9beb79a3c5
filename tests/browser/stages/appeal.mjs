// A candidate asks for a recheck, the desk answers, the candidate reads the answer.
import { ok } from '../check.mjs';
import { openRow } from '../desk.mjs';

const ASKED = '判断题第 5 题我认为应当得分';
const ANSWER = '经复核，机器评分与答案一致，成绩不变';

export async function appeal(road) {
  const person = road.candidates[1];
  await person.go(`/entries/${person.entry}/result`);
  const theory = person.page.locator('section', { has: person.page.getByText(/理论/) }).first();
  await theory.getByRole('button', { name: '申请复核' }).click();
  await theory.getByLabel('请写明要复核什么、为什么').fill(ASKED);
  await theory.getByRole('button', { name: '提交复核申请' }).click();
  await theory.getByText(ASKED).waitFor();
  await road.watch.look(person.page, '申请复核');
  const { page, go } = await road.people.staff('head');
  await go('/desk/results');
  await openRow(page, '演示批次');
  await page.getByRole('button', { name: /^复核/ }).click();
  await page.getByText(ASKED).waitFor();
  await page.getByRole('button', { name: '答复', exact: true }).click();
  await page.getByLabel(/^答复内容/).fill(ANSWER);
  await road.watch.look(page, '复核');
  await page.getByRole('button', { name: '答复考生' }).click();
  await page.getByText('已答复').waitFor();
  await person.page.reload();
  await theory.getByText(ANSWER).waitFor();
  ok('考生申请复核，考评组长答复，考生看到答复');
}
