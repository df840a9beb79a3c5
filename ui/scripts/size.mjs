// Prints the compressed size of each entry, everything it can ever load included, and fails
// above the limits of the design (portal 250 kB, exam client 150 kB).
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const limits = { 'index.html': 250, 'desk.html': Infinity, 'exam.html': 150 };
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

function collect(key, lazy, seen = new Set(), files = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return files;
  seen.add(key);
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
  const next = [...(chunk.imports ?? []), ...(lazy ? (chunk.dynamicImports ?? []) : [])];
  for (const other of next) collect(other, lazy, seen, files);
  return files;
}

const kilobytes = (files) =>
  [...files].reduce((sum, f) => sum + gzipSync(readFileSync(new URL(f, dist)), { level: 9 }).length, 0) / 1000;

let failed = false;
console.log('entry        first kB   all kB   limit (gzip)');
for (const [entry, limit] of Object.entries(limits)) {
  if (!manifest[entry]) {
    console.log(`${entry.padEnd(12)} missing`);
    failed = true;
    continue;
  }
  const page = new Set([entry]);
  const first = kilobytes(new Set([...page, ...collect(entry, false)]));
  const all = kilobytes(new Set([...page, ...collect(entry, true)]));
  const over = all > limit;
  failed ||= over;
  const bound = Number.isFinite(limit) ? String(limit) : '–';
  console.log(`${entry.padEnd(12)} ${first.toFixed(1).padStart(8)} ${all.toFixed(1).padStart(8)} ${bound.padStart(7)}${over ? '  above the limit' : ''}`);
}
process.exitCode = failed ? 1 : 0;
