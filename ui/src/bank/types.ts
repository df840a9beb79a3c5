import type { Id, Ms } from '../shared/api';

export type ItemState = 'draft' | 'review' | 'proof' | 'live' | 'frozen' | 'retired';

export interface ItemRow {
  id: Id;
  code: string;
  programme: string;
  kind: string;
  state: ItemState;
  version: number;
  author: Id;
  /** Of this version. */
  approvals: number;
  changed_ms: Ms;
  area: string;
  point: string;
  levels: number[];
  directions: string[];
  difficulty: number;
  cognitive: string;
  importance: string;
  /** Candidates may see it; no exam has it. */
  practice: boolean;
  /** Why the law that it cites is no longer the one in force. */
  law_problem?: string;
  /** In lists. */
  stem?: string;
}

/** A number of a template: decimal texts. */
export interface Parameter {
  name: string;
  from: string;
  to: string;
  step: string;
}
export interface CalculationKey {
  formula: string;
  places: number;
  tolerance: string;
  unit: string;
}
/** A part of a hotspot's picture, in its pixels: rect left, top, right, bottom · circle x, y, radius · poly x1, y1, … */
export interface Area {
  name?: string;
  shape: 'rect' | 'circle' | 'poly';
  coords: number[];
}
/** A picture of an item; its texts show it where ![id] stands. The bytes are at /api/items/pictures/{sha256}. */
export interface ItemPicture {
  id: string;
  sha256: string;
  type: string;
  width: number;
  height: number;
  alt: string;
}
/** A sound or film of an item, named as its pictures are. The bytes are at /api/items/media/{sha256}. */
export interface ItemMedia {
  id: string;
  sha256: string;
  type: string;
  duration_ms: number;
  width: number;
  height: number;
  /** How often a candidate may play it; 0: any. */
  plays?: number;
  alt: string;
  transcript?: string | null;
}
export interface GuidePoint {
  point: string;
  marks: number;
  accept?: string[];
}
/** Question and key: the members of a kind, as doc/item-format.md has them. */
export interface Body {
  stem: string;
  options?: string[];
  /** Of a matching item. */
  premises?: string[];
  key?: unknown;
  /** Of a calculation: its numbers are drawn for each paper, or once for a form. */
  parameters?: Parameter[];
  require?: string[];
  numbers?: 'paper' | 'form';
  /** Of a hotspot: the id of a picture, and its areas; the key has their letters. */
  picture?: string;
  areas?: Area[];
  /** Of an upload: which files, and how large in KiB; 0: as large as any may be. */
  accept?: string[];
  max_kib?: number;
  explanation?: string;
  guide?: GuidePoint[];
  errors?: string[];
  items?: Part[];
}
/** One part of a case. */
export interface Part extends Body {
  kind: string;
  marks: number;
}
export interface Law {
  name: string;
  version: string;
  article: string;
}
/** The whole flat object of an item. */
export interface ItemObject extends Body {
  id: string;
  kind: string;
  levels: number[];
  directions?: string[];
  points: string[];
  difficulty: number;
  cognitive: string;
  importance: string;
  law?: Law[];
  enemies?: string[];
  sources?: string[];
  author?: string;
  reviewed_by?: string[];
  pictures?: ItemPicture[];
  media?: ItemMedia[];
}

/** As a candidate gets it: never a key. */
export interface Presented {
  kind: string;
  stem: string;
  options?: { id: string; text: string }[];
  premises?: string[];
  gaps?: number;
  types?: string[];
  max_bytes?: number;
  unit?: string | null;
  picture?: string;
  pictures?: Omit<ItemPicture, 'type'>[];
  media?: ItemMedia[];
  items?: Presented[];
}

export interface Review {
  version: number;
  reviewer: Id;
  mine: boolean;
  verdict: 'approve' | 'return';
  note: string;
  at_ms: Ms;
}

/** Measured from sittings and adopted by two; of the present text where `current`. */
export interface MeasuredParameters {
  current: boolean;
  model: string;
  a: number;
  b: number;
  c: number;
  se_a: number | null;
  se_b: number | null;
  se_c: number | null;
  answers: number;
  adopted_ms: Ms;
}

export interface ItemView {
  item: ItemRow;
  state_label: string;
  mine: boolean;
  /** The newest version with words of the viewer's that others have not approved; 0: none. */
  own_version: number;
  object: ItemObject;
  preview: Presented;
  /** Of a template: copies with their answers. */
  drawn?: { stem: string; key: { value: string; unit?: string } }[];
  reviews: Review[];
  parameters: MeasuredParameters[];
}

export interface Words {
  kinds: { name: string; label: string }[];
  states: { name: string; label: string }[];
  /** Of other systems (src/bank/formats.def). */
  formats: { name: string; label: string; extension: string }[];
}
/** What a foreign file held and its items do not. */
export interface Loss {
  item: string;
  name?: string;
  element: string;
  sentence: string;
}

export interface ProgrammeRow {
  id: string;
  name: string;
  title: string;
  levels: { level: number; name: string; directions: { id: string; name: string }[]; components: { id: string; name: string; full: number }[] }[];
}
