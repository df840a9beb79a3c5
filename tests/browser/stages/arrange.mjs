// Sessions, rooms, seats, staff; tickets; forms, sealed papers.
import { ok, same, truth } from '../check.mjs';

const HOUR = 3_600_000;
/** Long enough that the candidates can be at their seats before it starts. */
const BEFORE_START_MS = 25_000;

async function accountOf(road, registrar, login, role) {
  const { name } = road.server.accounts.get(login);
  const { staff } = await registrar.api('GET', `/api/staff?role=${role}`);
  return truth(staff.find((a) => a.display_name === name), `${login} among the staff`).id;
}

async function session(registrar, road, component, startsMs, minutes, staff) {
  const made = await registrar.api('POST', `/api/batches/${road.batch}/sessions`, { component, starts_ms: startsMs, minutes, earliest_hand_in_minutes: 0 });
  const { id } = made.session ?? made;
  const room = await registrar.api('POST', `/api/sessions/${id}/rooms`, { site: road.site, name: '第1考场', rows: 6, columns: 5 });
  const roomId = (room.room ?? room).id;
  await registrar.api('POST', `/api/sessions/${id}/seat`, { seed: 7, entries: road.candidates.map((c) => c.entry) });
  for (const [login, duty, inRoom] of staff) {
    const account = await accountOf(road, registrar, login, duty);
    await registrar.api('POST', `/api/sessions/${id}/staff`, { account, duty, ...(inRoom ? { room: roomId } : {}) });
  }
  return id;
}

export async function arrange(road) {
  const registrar = await road.people.staff('registrar');
  const site = await registrar.api('POST', '/api/sites', { name: '演示考点', address: '北京市东城区演示路 1 号' });
  road.site = (site.site ?? site).id;
  road.startsMs = Date.now() + BEFORE_START_MS;
  const examiners = ['examiner', 'examiner2', 'examiner3'].map((login) => [login, 'examiner']);
  road.skills = await session(registrar, road, 'skills', road.startsMs + 3 * HOUR, 100, [...examiners, ['head', 'head_examiner'], ['supervisor', 'quality_supervisor']]);
  await registrar.api('POST', `/api/sessions/${road.skills}/close`);
  road.theory = await session(registrar, road, 'theory', road.startsMs, 90, [
    ['invigilator', 'invigilator', true],
    ['supervisor', 'quality_supervisor'],
    ['officer', 'release_officer'],
    ['officer2', 'release_officer'],
  ]);
  const refused = await registrar.api('POST', `/api/sessions/${road.theory}/close`).then(
    () => '',
    (e) => String(e.message),
  );
  truth(/监考/.test(refused), `one invigilator is too few, and the rule is named: ${refused}`);
  ok('一个考场只有一名监考员，关闭编排被拒绝，并说明依据');
  const { rooms } = await registrar.api('GET', `/api/sessions/${road.theory}`);
  await registrar.api('POST', `/api/sessions/${road.theory}/staff`, { account: await accountOf(road, registrar, 'invigilator2', 'invigilator'), duty: 'invigilator', room: rooms[0].id });
  await registrar.api('POST', `/api/sessions/${road.theory}/close`);
  ok('编排两场考试：考场、座位、监考员、考评员');
}

export async function tickets(road) {
  const registrar = await road.people.staff('registrar');
  await registrar.api('POST', `/api/sessions/${road.theory}/tickets`);
  const { rooms } = await registrar.api('GET', `/api/sessions/${road.theory}`);
  for (const person of road.candidates) {
    const seat = truth(rooms.flatMap((r) => r.seats).find((s) => s.entry === person.entry), 'a seat');
    person.ticket = truth(seat.ticket, 'a ticket number');
    await person.go(`/entries/${person.entry}/ticket`);
    const link = person.page.getByRole('link', { name: '打印准考证（PDF）' }).first();
    await link.waitFor();
    const href = await link.getAttribute('href');
    const head = await person.page.evaluate(async (path) => new TextDecoder('latin1').decode((await (await fetch(path)).arrayBuffer()).slice(0, 5)), href);
    same(head, '%PDF-', 'the ticket');
  }
  await road.watch.look(road.candidates[0].page, '准考证');
  ok('考生看到座位，下载准考证');
}

export async function papers(road) {
  const reviewer = await road.people.staff('reviewer');
  const forms = [];
  for (const { direction } of road.candidates) {
    const made = await reviewer.api('POST', '/api/forms', { component: 'theory', name: `四级 ${direction} 卷`, programme: 'national-2023', level: 4, direction });
    forms.push((made.form ?? made).id);
  }
  await reviewer.api('POST', `/api/sessions/${road.theory}/papers`, { forms });
  ok('按权重表组卷，为每位考生封装试卷');
}
