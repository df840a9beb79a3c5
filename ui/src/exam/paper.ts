// The sealed paper (HNP1, SECURITY §3.2) and the exam JSON inside it (protocol §9).
import { equal, fromUtf8, getBe64, hex, join, utf8, viewOf, type Bytes } from './bytes';
import { aesOpen, importAes, sha256, type Key } from './keys';

const HEAD = 128;
const TAG = 16;

export interface Choice {
  key: string;
  text: string;
}

/** The kinds that this client can show. */
const KINDS = ['single', 'multiple', 'true_false', 'matching', 'ordering', 'blank', 'hotspot', 'numeric', 'short', 'upload'] as const;
export type Kind = (typeof KINDS)[number];
const isKind = (text: string): text is Kind => (KINDS as readonly string[]).includes(text);

/** A picture, sound or film of an item: ![id] in its texts. A picture's bytes came inside the sealed paper. */
export interface Picture {
  id: string;
  alt: string;
  width: number;
  height: number;
  sha256: string;
  /** Of a sound or film, whose bytes lie sealed beside the paper. */
  media?: Media;
}
export interface Media {
  film: boolean;
  durationMs: number;
  /** How often it may be played; 0: any. */
  plays: number;
  transcript: string;
}
/** An object beside the paper (HNP1, flag 4), its hash as it is sealed, and its key. */
export interface SealedMedia {
  type: string;
  object: string;
  sealed: string;
  key: string;
}
/** Its bytes, in base64. */
export interface PictureData {
  type: string;
  data: string;
}

/** One answerable place. */
export interface Item {
  n: number;
  kind: Kind;
  marks: number;
  stem: string;
  options: Choice[];
  /** Of a matching item. */
  premises: string[];
  /** Of a fill-in item: how many. */
  gaps: number;
  unit: string;
  maxChars: number;
  pictures: Picture[];
  /** Of a hotspot: the id of the one it is about. */
  picture: string;
  /** Of an upload: what may be handed in (words of the protocol), and how large. */
  types: string[];
  maxBytes: number;
}

/** What is shown at a time: an item, or a case with its sub-items. */
export interface Screen {
  section: number;
  /** The material of a case; undefined for a plain item. */
  material?: string;
  /** Of the material. */
  pictures: Picture[];
  marks: number;
  items: Item[];
}

export interface Section {
  title: string;
  /** How answers that are right in part are scored; "": all or nothing. */
  rule: string;
  numbers: number[];
}

export interface Paper {
  title: string;
  sections: Section[];
  screens: Screen[];
  /** By number: the screen an item is on. */
  screenOf: Map<number, number>;
  items: Map<number, Item>;
  /** By sha256. */
  pictures: Map<string, PictureData>;
  media: Map<string, SealedMedia>;
}

export class PaperRefused extends Error {
  override readonly name = 'PaperRefused';
}

async function commitmentIsTrue(blob: Bytes, key: Bytes): Promise<boolean> {
  const commitment = await sha256(join(utf8('heng/paper-key/1'), new Uint8Array(4), blob.subarray(8, 24), blob.subarray(40, 48), key));
  return equal(commitment, blob.subarray(64, 96));
}

/** Whether these are the bytes the server announced. */
export async function isBlob(blob: Bytes, announced: string): Promise<boolean> {
  return hex(await sha256(blob)) === announced;
}

/** Takes the released key only if the blob is committed to it. */
export async function paperKey(blob: Bytes, raw: Bytes, weak: boolean): Promise<Key> {
  if (raw.length !== 32 || !(await commitmentIsTrue(blob, raw))) throw new PaperRefused('the key is not the one of this paper');
  return importAes(raw, weak);
}

export async function openBlob(blob: Bytes, key: Key): Promise<Bytes> {
  const view = viewOf(blob);
  if (blob.length < HEAD + TAG || !equal(blob.subarray(0, 4), utf8('HNP1')) || blob[4] !== 1 || view.getUint16(6) !== HEAD) {
    throw new PaperRefused('this is no sealed paper');
  }
  let plain: Bytes;
  try {
    plain = await aesOpen(key, blob.slice(52, 64), blob.slice(0, HEAD), blob.slice(HEAD));
  } catch {
    throw new PaperRefused('the sealed paper was changed');
  }
  const length = getBe64(view, 96);
  if (length > plain.length || plain.subarray(length).some((b) => b !== 0)) throw new PaperRefused('the padding of the paper is wrong');
  return plain.slice(0, length);
}

type Raw = Record<string, unknown>;
const text = (raw: Raw, key: string) => (typeof raw[key] === 'string' ? (raw[key] as string) : '');
const number = (raw: Raw, key: string) => (typeof raw[key] === 'number' ? (raw[key] as number) : 0);
const list = (raw: Raw, key: string) => (Array.isArray(raw[key]) ? (raw[key] as Raw[]) : []);
const TYPES: readonly string[] = ['image/png', 'image/jpeg'];
const PLAYED = /^(audio|video)\/(wav|mpeg|mp4|ogg|webm)$/;
const LETTERED: readonly string[] = ['single', 'multiple', 'matching', 'ordering'];

function picturesOf(raw: Raw, paper: Paper): Picture[] {
  const facts = (p: Raw) => ({ id: text(p, 'id'), alt: text(p, 'alt'), width: number(p, 'width'), height: number(p, 'height'), sha256: text(p, 'sha256') });
  const pictures = list(raw, 'pictures').map((p) => {
    const picture = facts(p);
    if (!paper.pictures.has(picture.sha256) || picture.width < 1 || picture.height < 1) throw new PaperRefused(`the picture ${picture.id} is not in the paper`);
    return picture;
  });
  const media = list(raw, 'media').map((p): Picture => {
    const one = { ...facts(p), media: { film: text(p, 'type').startsWith('video/'), durationMs: number(p, 'duration_ms'), plays: number(p, 'plays'), transcript: text(p, 'transcript') } };
    if (!paper.media.has(one.sha256)) throw new PaperRefused(`the paper has no key of ${one.id}`);
    return one;
  });
  return [...pictures, ...media];
}

function itemOf(raw: Raw, pictures: Picture[], each = 0): Item {
  const kind = text(raw, 'kind');
  const n = number(raw, 'n');
  if (!isKind(kind) || !Number.isInteger(n) || n < 1 || n > 65_535) throw new PaperRefused(`an item that this client cannot show: ${kind} ${n}`);
  const options = list(raw, 'options').map((o, i): Choice => (typeof o === 'string' ? { key: String.fromCharCode(65 + i), text: o } : { key: text(o, 'id'), text: text(o, 'text') }));
  // Two options that answer the same would be marked the same.
  if (LETTERED.includes(kind) && (options.length < 2 || new Set(options.map((o) => o.key).filter(Boolean)).size !== options.length)) throw new PaperRefused(`the options of item ${n}`);
  const premises = Array.isArray(raw['premises']) ? (raw['premises'] as unknown[]).map(String) : [];
  const gaps = number(raw, 'gaps');
  if ((kind === 'matching' && premises.length < 2) || (kind === 'blank' && (gaps < 1 || gaps > 20))) throw new PaperRefused(`the parts of item ${n}`);
  const types = Array.isArray(raw['types']) ? (raw['types'] as unknown[]).map(String) : [];
  if (kind === 'upload' && (!types.length || number(raw, 'max_bytes') < 1)) throw new PaperRefused(`the files of item ${n}`);
  const picture = text(raw, 'picture');
  if (kind === 'hotspot' && !pictures.some((p) => p.id === picture && !p.media)) throw new PaperRefused(`the picture of item ${n}`);
  return { n, kind, marks: number(raw, 'millimarks') || each, stem: text(raw, 'stem'), options, premises, gaps, unit: text(raw, 'unit'), maxChars: number(raw, 'max_chars') || 5000, pictures, picture, types, maxBytes: number(raw, 'max_bytes') };
}

export function readPaper(plain: Bytes): Paper {
  let raw: Raw;
  try {
    raw = JSON.parse(fromUtf8(plain)) as Raw;
  } catch {
    throw new PaperRefused('the paper is no JSON');
  }
  const paper: Paper = { title: text(raw, 'title'), sections: [], screens: [], screenOf: new Map(), items: new Map(), pictures: new Map(), media: new Map() };
  for (const one of list(raw, 'pictures')) {
    if (!TYPES.includes(text(one, 'type'))) throw new PaperRefused('a picture of another type');
    paper.pictures.set(text(one, 'sha256'), { type: text(one, 'type'), data: text(one, 'data') });
  }
  for (const one of list(raw, 'media')) {
    if (!PLAYED.test(text(one, 'type'))) throw new PaperRefused('a sound of another type');
    paper.media.set(text(one, 'sha256'), { type: text(one, 'type'), object: text(one, 'object'), sealed: text(one, 'sealed'), key: text(one, 'key') });
  }
  for (const section of list(raw, 'sections')) {
    const numbers: number[] = [];
    const each = number(section, 'millimarks');
    for (const one of list(section, 'items')) {
      const isCase = text(one, 'kind') === 'case';
      const pictures = picturesOf(one, paper);
      const items = isCase ? list(one, 'items').map((sub) => itemOf(sub, pictures)) : [itemOf(one, pictures, each)];
      if (!items.length) continue;
      const screen: Screen = { section: paper.sections.length, marks: number(one, 'millimarks') || each, items, pictures };
      if (isCase) screen.material = text(one, 'stem');
      for (const item of items) {
        if (paper.items.has(item.n)) throw new PaperRefused(`item ${item.n} twice`);
        paper.items.set(item.n, item);
        paper.screenOf.set(item.n, paper.screens.length);
        numbers.push(item.n);
      }
      paper.screens.push(screen);
    }
    paper.sections.push({ title: text(section, 'name'), rule: text(section, 'rule'), numbers });
  }
  if (!paper.screens.length) throw new PaperRefused('a paper without items');
  return paper;
}

/** Plain text to what is shown: paragraphs and tables, bold runs and pictures in both. */
export type Run = { bold: boolean; text: string; picture?: string };
export type Block = { kind: 'text'; runs: Run[] } | { kind: 'table'; head: Run[][]; rows: Run[][][] };

const NAMED = /!\[([A-Za-z0-9_-]{1,20})\]/;

/** `![id]` is a picture where the item has one of that name; whoever shows it knows. */
export function runs(line: string): Run[] {
  return line
    .split(/\*\*(.+?)\*\*/)
    .flatMap((part, i) => part.split(NAMED).map((piece, k): Run => (k % 2 === 1 ? { bold: i % 2 === 1, text: `![${piece}]`, picture: piece } : { bold: i % 2 === 1, text: piece })))
    .filter((run) => run.text);
}

const cells = (line: string) => line.trim().slice(1, -1).split('|').map((cell) => runs(cell.trim()));

export function blocks(source: string): Block[] {
  const out: Block[] = [];
  for (const line of source.split('\n')) {
    if (!line.trim()) continue;
    if (!/^\s*\|.*\|\s*$/.test(line)) {
      out.push({ kind: 'text', runs: runs(line) });
      continue;
    }
    const last = out[out.length - 1];
    if (last?.kind === 'table') {
      if (!/^[\s|:-]+$/.test(line)) last.rows.push(cells(line)); // a rule below the head says nothing
    } else out.push({ kind: 'table', head: cells(line), rows: [] });
  }
  return out;
}
