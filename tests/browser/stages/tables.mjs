// Tables that others send: an author's items, a partner's candidates; what is wrong stands row by row.
import { ok, same } from '../check.mjs';
import { openRow } from '../desk.mjs';
import { documentNumber } from '../people.mjs';
import { xlsx } from '../xlsx.mjs';
import { send } from './imported.mjs';

const ITEM_HEAD = ['编号', '题型', '等级', '鉴定点', '题干', '选项A', '选项B', '选项C', '选项D', '答案', '解析', '难度', '认知层次', '重要性'];
const item = (id, key) => [id, '单选题', '4', 'B2.1.1', `表格导入的第 ${id} 题考查什么？`, '甲', '乙', '丙', '丁', key, '按题意选择。', '2', '理解', 'X'];

/** One wrong row and nothing is stored; mended, all of it is. */
export async function itemTable(road) {
  const author = await road.people.staff('author');
  const { page, go } = author;
  await go('/desk/bank');
  await page.getByRole('link', { name: '导入', exact: true }).click();
  const report = page.getByRole('region', { name: '报告' });
  const hand = async (rows) => {
    await page.getByLabel('文件', { exact: true }).setInputFiles({ name: '试题.xlsx', mimeType: 'application/octet-stream', buffer: xlsx([ITEM_HEAD, ...rows]) });
    await page.getByRole('button', { name: '导入 试题.xlsx' }).click();
  };
  await hand([item('table-1', 'B'), item('table-2', 'F')]);
  await report.getByText('没有存入任何一题').waitFor();
  const wrong = report.getByRole('row', { name: /答案/ });
  same((await wrong.getByRole('cell').first().innerText()).trim(), '3', 'the row of the file');
  await road.watch.look(page, '导入题库的逐行报告');
  await hand([item('table-1', 'B'), item('table-2', 'C')]);
  await report.getByText('新增 2').waitFor();
  await report.getByText('已存入').waitFor();
  ok('试题表（XLSX）导入：错行说明行、列，整个文件不存；改好后存入');
}

/** Two reviewers, then a proof-reader who is neither of them: only then is it live. */
export async function proofread(road) {
  const author = await road.people.staff('author');
  const { items } = await author.api('GET', '/api/items?search=table-1');
  same(items[0].code, 'table-1', 'the item of the table');
  const { id, version } = items[0];
  await author.api('POST', `/api/items/${id}/hand-in`, { version });
  const one = await road.people.staff('reviewer');
  await one.go(`/desk/bank/review?at=${id}`);
  await one.page.getByRole('button', { name: /^通过/ }).click();
  await one.page.getByText('table-1 已通过。').waitFor();
  const two = await road.people.staff('reviewer2');
  await two.api('POST', '/api/items/reviews', { items: [id], versions: [version], verdict: 'approve' });
  await one.go(`/desk/bank/${id}`);
  await one.page.getByText('两位审题员都已通过').waitFor();
  same(await one.page.getByRole('link', { name: '去校对' }).count(), 0, 'a reviewer who may proof-read the same item');
  const third = await road.people.staff('proofreader');
  await third.go('/desk/');
  await third.page.getByText(/^\d+ 道题等你审或校对$/).waitFor();
  await third.go(`/desk/bank/review?at=${id}`);
  await third.page.getByText('错别字、标点').waitFor();
  await road.watch.look(third.page, '校对一道题');
  await third.page.getByRole('button', { name: /^校对通过/ }).click();
  await third.page.getByText('table-1 校对通过，可以组卷。').waitFor();
  same((await third.api('GET', `/api/items/${id}`)).item.state, 'live', 'its state');
  await author.go(`/desk/bank/${id}/edit`);
  await author.page.getByText('重新审完之前不能组卷').waitFor();
  ok('两人审题后由第三人校对，才可用于组卷');
}

/** A partner brings its own candidates and sees no others. */
export async function partnerTable(road) {
  const partner = await road.people.staff('partner');
  const { page, go } = partner;
  await go('/desk/batches');
  await openRow(page, '演示批次');
  await page.getByRole('link', { name: '导入报名表' }).click();
  await send(page, '学员.xlsx', [
    ['周学员', documentNumber(42), '13900000042', '全媒体运营师', '演示传媒公司', '2019-03-01', '4', 'B'],
    ['吴学员', '110101199001011239', '13900000043', '全媒体运营师', '', '', '4', 'Z'],
  ]);
  const report = page.getByRole('region', { name: '逐行结果' });
  await report.getByText(/新增 1/).waitFor();
  await report.getByRole('cell', { name: '证件号码', exact: true }).waitFor();
  await page.getByRole('link', { name: '回批次' }).click();
  await page.getByRole('row', { name: '周学员' }).waitFor();
  same(await page.getByRole('row', { name: '赵一鸣' }).count(), 0, "rows of somebody else's candidates");
  await road.watch.look(page, '合作机构的批次');
  await openRow(page, '周学员');
  await page.getByRole('heading', { name: '周学员', level: 1 }).waitFor();
  await road.watch.look(page, '合作机构看一份申报');
  ok('合作机构导入自己的考生，只看得到自己的');
}
