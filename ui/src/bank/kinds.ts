// The kinds of exam item on the desk: one component and one row each, in the order of a paper.
// src/bank/kinds.def is the list; kinds.spec.ts compares.
import type { Component } from 'vue';

import BlankEditor from './parts/BlankEditor.vue';
import CalculationEditor from './parts/CalculationEditor.vue';
import CaseEditor from './parts/CaseEditor.vue';
import HotspotEditor from './parts/HotspotEditor.vue';
import MatchingEditor from './parts/MatchingEditor.vue';
import MultipleEditor from './parts/MultipleEditor.vue';
import NumericEditor from './parts/NumericEditor.vue';
import OrderingEditor from './parts/OrderingEditor.vue';
import ShortEditor from './parts/ShortEditor.vue';
import SingleEditor from './parts/SingleEditor.vue';
import TrueFalseEditor from './parts/TrueFalseEditor.vue';
import UploadEditor from './parts/UploadEditor.vue';
import type { Body } from './types';

export interface KindRow {
  name: string;
  /** Edits what is the kind's own; stem and explanation stand around it. v-model: the body. */
  editor: Component;
  /** The kind's own members of a new item. */
  blank: () => Omit<Body, 'stem' | 'explanation'>;
  /** May be a part of a case. */
  part: boolean;
}

export const kinds: KindRow[] = [
  { name: 'single', editor: SingleEditor, blank: () => ({ options: ['', '', '', ''], key: '' }), part: true },
  { name: 'multiple', editor: MultipleEditor, blank: () => ({ options: ['', '', '', '', ''], key: [] }), part: true },
  { name: 'true_false', editor: TrueFalseEditor, blank: () => ({ key: null }), part: true },
  { name: 'matching', editor: MatchingEditor, blank: () => ({ premises: ['', '', ''], options: ['', '', ''], key: ['', '', ''] }), part: true },
  { name: 'ordering', editor: OrderingEditor, blank: () => ({ options: ['', '', '', ''], key: [] }), part: true },
  { name: 'blank', editor: BlankEditor, blank: () => ({ key: [['']] }), part: true },
  { name: 'hotspot', editor: HotspotEditor, blank: () => ({ picture: '', areas: [], key: [] }), part: true },
  { name: 'numeric', editor: NumericEditor, blank: () => ({ key: { value: '', tolerance: '0', unit: '' } }), part: true },
  { name: 'calculation', editor: CalculationEditor, blank: () => ({ parameters: [{ name: '', from: '', to: '', step: '1' }], require: [], numbers: 'paper', key: { formula: '', places: 2, tolerance: '0.01', unit: '' } }), part: false },
  { name: 'short', editor: ShortEditor, blank: () => ({ key: '', guide: [{ point: '', marks: 2 }], errors: [] }), part: true },
  { name: 'upload', editor: UploadEditor, blank: () => ({ accept: ['docx', 'pdf'], max_kib: 0, key: '', guide: [{ point: '', marks: 2 }], errors: [] }), part: true },
  { name: 'case', editor: CaseEditor, blank: () => ({ key: null, items: [] }), part: false },
];

export const kindOf = (name: string): KindRow | undefined => kinds.find((k) => k.name === name);
