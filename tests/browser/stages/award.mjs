// The machine marks, examiners score without seeing each other, two publish, certificates are
// issued; strangers verify them; two people revoke one.
import { ok, same, truth } from '../check.mjs';

export async function mark(road) {
  const registrar = await road.people.staff('registrar');
  const report = await registrar.api('POST', `/api/sessions/${road.theory}/score`);
  same(report.scored, road.candidates.length, 'scored');
  ok('机器评分');
  for (const [k, login] of ['examiner', 'examiner2', 'examiner3'].entries()) {
    const examiner = await road.people.staff(login);
    const { sheets } = await examiner.api('GET', `/api/sessions/${road.skills}/sheets`);
    same(sheets.length, road.candidates.length, 'sheets');
    for (const sheet of sheets) {
      const scores = Object.fromEntries(sheet.rubric.points.map((point, i) => [point.id, Math.trunc((point.full * (70 + ((i * 3 + k * 2) % 16))) / 100)]));
      await examiner.api('PUT', `/api/sessions/${road.skills}/sheets/${sheet.entry}`, { scores, version: 0, submit: true });
    }
  }
  ok('三名考评员各自独立评分');
}

export async function publish(road) {
  const registrar = await road.people.staff('registrar');
  const computed = await registrar.api('POST', `/api/batches/${road.batch}/results/compute`, {});
  same(computed.stored, true, `all results are there: ${JSON.stringify(computed.missing)}`);
  await registrar.api('POST', `/api/batches/${road.batch}/results/publish`);
  await road.people.confirm('registrar2', /[发公]布.*成绩/);
  const { total } = await registrar.api('GET', `/api/batches/${road.batch}/awards`);
  same(total, 1, 'awards');
  ok('成绩由两人公布，一人合格');
  const [first, second] = road.candidates;
  for (const [person, score, word] of [
    [first, '100', '合格'],
    [second, '20', '不合格'],
  ]) {
    await person.go(`/entries/${person.entry}/result`);
    const theory = person.page.locator('section', { has: person.page.getByText(/理论/) }).first();
    await theory.waitFor();
    same((await theory.locator('.sum b').innerText()).trim(), score, `the theory marks of ${person.login}`);
    truth((await theory.innerText()).includes(word), `${person.login} reads ${word}`);
  }
  await road.watch.look(first.page, '成绩');
  ok('考生看到成绩：答对的每一题都算了分');
}

export async function issue(road) {
  const issuer = await road.people.staff('issuer');
  await issuer.api('POST', `/api/batches/${road.batch}/certificates`);
  const { certificates } = await issuer.api('GET', `/api/certificates?batch=${road.batch}&limit=20`);
  same(certificates.length, 1, 'certificates');
  [road.certificate] = certificates;
  const [first] = road.candidates;
  await first.go('/certificates');
  await first.page.getByText(road.certificate.number).waitFor();
  const href = await first.page.getByRole('link', { name: /下载证书/ }).getAttribute('href');
  const head = await first.page.evaluate(async (path) => new TextDecoder('latin1').decode((await (await fetch(path)).arrayBuffer()).slice(0, 5)), href);
  same(head, '%PDF-', 'the certificate');
  await road.watch.look(first.page, '证书');
  ok('签发员签发证书，考生下载');
}

async function lookUp(page, url, number, second) {
  await page.goto(`${url}/verify`);
  await page.getByLabel('证书编号').fill(number);
  await page.getByLabel(/姓名、证件号后 4 位/).fill(second);
  await page.getByRole('button', { name: '核验' }).first().click();
}

/** Strangers: one without script, one with. */
async function strangersSee(road, word) {
  const plain = await road.people.open({ login: `stranger-${word}` }, { javaScriptEnabled: false });
  const { number } = road.certificate;
  const { name } = road.candidates[0];
  await lookUp(plain.page, plain.url, number, name);
  await plain.page.getByText(word).first().waitFor();
  const shown = await plain.page.locator('body').innerText();
  truth(!shown.includes(road.candidates[0].document), 'the document number is masked');
  await lookUp(plain.page, plain.url, number, '张三');
  await plain.page.getByText('未查到').first().waitFor();
  const person = await road.people.open({ login: `passer-by-${word}` });
  await lookUp(person.page, person.url, number, name);
  await person.page.getByText(word).first().waitFor();
  await road.watch.look(person.page, `核验页（${word}）`);
  return person;
}

export async function verify(road) {
  const person = await strangersSee(road, '有效');
  if (road.pictures) await road.picture(person.page, 'verify');
  ok('陌生人核验：有效；无脚本也行；填错一项查不到');
}

export async function revoke(road) {
  const issuer = await road.people.staff('issuer');
  await issuer.api('POST', `/api/certificates/${road.certificate.id}/revoke`, { reason: '以虚假材料取得' });
  await road.people.confirm('issuer2', /撤销/);
  ok('两人撤销证书');
  await strangersSee(road, '已撤销');
  ok('陌生人再次核验：已撤销');
  const auditor = await road.people.staff('audit');
  const { rows, broken } = await auditor.api('GET', '/api/audit/verify');
  same(broken, [], 'breaks of the audit chain');
  truth(rows > 100, `audit rows: ${rows}`);
  ok('审计链完整');
}
