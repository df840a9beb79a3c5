// The whole road, from the application to the revoked certificate, as people walk it.
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Browsers } from './browsers.mjs';
import { Cable } from './cable.mjs';
import { bad, failed } from './check.mjs';
import { People } from './people.mjs';
import { Server } from './server.mjs';
import { apply, openBatch, refuse, review } from './stages/apply.mjs';
import { arrange, papers, pencilPapers, tickets } from './stages/arrange.mjs';
import { issue, mark, publish, revoke, verify } from './stages/award.mjs';
import { correct, rekey } from './stages/correct.mjs';
import { exchange } from './stages/exchange.mjs';
import { forms } from './stages/forms.mjs';
import { panel } from './stages/panel.mjs';
import { jury } from './stages/jury.mjs';
import { practice } from './stages/practice.mjs';
import { bulk } from './stages/bulk.mjs';
import { calibrate } from './stages/calibrate.mjs';
import { accounts, anchors, lookUps, sendBack, words } from './stages/asides.mjs';
import { imported } from './stages/imported.mjs';
import { kinds } from './stages/kinds.mjs';
import { itemTable, partnerTable, proofread } from './stages/tables.mjs';
import { appeal, resit } from './stages/appeal.mjs';
import { reissue, replace } from './stages/change.mjs';
import { report, voided } from './stages/violation.mjs';
import { guard } from './stages/guard.mjs';
import { findings, joinNode, nodePackage, rehearse, rehearsed, removeNode, servedThere, timeReaches } from './stages/nodes.mjs';
import { check, flags, kept, phone } from './stages/online.mjs';
import { enterNode, handsUp, joinServing, openNode, opened, papersWithUpload, sitAtNode } from './stages/node_sits.mjs';
import { admit, enter, release, sit, unseal } from './stages/sit.mjs';
import { checkScans, closeOnPaper, decideScans, fillSheets, printSheets, uploadScans, withdrawScan } from './stages/scanned.mjs';
import { Watch } from './watch.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** Before the day of an online sitting. */
async function online(road) {
  await check(road, road.candidates[0]);
  await phone(road, road.candidates[0]);
}

// Between the admission and the start everybody waits: what needs nothing of the road is done then.
const WHOLE = { openBatch, imported, partnerTable, apply, sendBack, refuse, review, arrange, tickets, papers, online, enter, admit, accounts, lookUps, anchors, itemTable, proofread, exchange, kinds, forms, panel, jury, practice, bulk, release, sit, flags, kept, report, mark, publish, calibrate, appeal, correct, voided, issue, words, verify, reissue, replace, rekey, revoke, resit, guard };
/** Rooms that a node serves: a short road of their own. */
const NODES = { openBatch, apply, review, arrange, tickets, rehearse, joinNode, papers, nodePackage, timeReaches, servedThere, findings, removeNode, rehearsed };
/** A recorded sitting at a node, with a file handed in, the centre away. */
const SAT = { openBatch, apply, review, arrange, tickets, joinServing, papersWithUpload, enterNode, openNode, sitAtNode, handsUp, opened, flags };
/** An exam on paper: answer sheets printed, filled in, scanned, read. */
const PAPER = { openBatch, apply, review, arrange, tickets, pencilPapers, printSheets, unseal, fillSheets, uploadScans, decideScans, checkScans, withdrawScan, closeOnPaper, mark, publish };
const onPaper = process.argv[2] === 'paper';
const inRooms = process.argv[2] === 'nodes';
const atNode = process.argv[2] === 'sat';
const STAGES = inRooms ? NODES : atNode ? SAT : onPaper ? PAPER : WHOLE;
const leavings = at(inRooms ? 'build-test/browser-nodes' : atNode ? 'build-test/browser-sat' : onPaper ? 'build-test/browser-paper' : 'build-test/browser');

const server = new Server(process.env.HENG ?? at('build/heng'));
const cable = new Cable(server);
const watch = new Watch();
const browsers = new Browsers();
let people;

async function walk() {
  server.init();
  await server.start();
  await cable.open();
  watch.origins = [server.url, cable.url];
  watch.seen = inRooms || atNode;
  people = new People(browsers, server, watch);
  const road = { server, cable, watch, people, online: !inRooms && !onPaper, ...(onPaper ? { leadMs: 60_000 } : {}), pictures: process.env.PICTURES };
  road.picture = async (page, name) => {
    await page.setViewportSize({ width: 1366, height: 800 });
    await page.screenshot({ path: at(`${road.pictures}/${name}.png`), caret: 'initial' });
  };
  for (const [name, stage] of Object.entries(STAGES)) {
    const began = Date.now();
    try {
      await stage(road);
    } catch (thrown) {
      bad(`${name} 没有走完`, thrown);
      break; // what follows builds on it
    }
    if (process.env.UNTIL === name) break;
    if (process.env.TIMES) console.log(`    ${name} ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
  watch.tell();
}

rmSync(leavings, { recursive: true, force: true });
try {
  await walk();
} catch (thrown) {
  bad('没有开始', thrown);
}
if (failed()) {
  mkdirSync(leavings, { recursive: true });
  await people?.pictures(leavings);
  const log = server.log();
  if (log.trim()) console.log(`    log of the server:\n${log.replace(/^/gm, '      ')}`);
}
await browsers.close();
cable.close();
await server.node?.stop();
await server.stop();
process.exitCode = failed() ? 1 : 0;
