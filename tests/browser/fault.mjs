// The parts of the fault harness that need a browser: Chromium killed at random moments, clocks
// that lie, two tabs and two devices, files handed in. Prints one JSON object of figures; tests/fault/part_browser, part_clock, part_tabs
// and part_files call it.
//
//   node fault.mjs browser|clock|tabs|files [--all] [--seed N] [--seconds S]
import { killBrowserPart } from './faults/killed.mjs';
import { clockPart } from './faults/clocks.mjs';
import { filesPart } from './faults/files.mjs';
import { tabsPart } from './faults/tabs.mjs';
import { Figures } from './faults/figures.mjs';

const [, , name, ...words] = process.argv;
const value = (word, other) => (words.includes(word) ? Number(words[words.indexOf(word) + 1]) : other);
const parts = { browser: killBrowserPart, clock: clockPart, tabs: tabsPart, files: filesPart };
if (!parts[name]) {
  console.error('browser | clock | tabs | files');
  process.exit(2);
}
const figures = new Figures(name, { all: words.includes('--all'), seed: value('--seed', 1), limitMs: value('--seconds', 0) * 1000 });
try {
  await parts[name](figures);
} catch (thrown) {
  figures.fault('not_finished', 1);
  console.error(thrown);
}
console.log(JSON.stringify(figures.all()));
process.exit(figures.ok() ? 0 : 1);
