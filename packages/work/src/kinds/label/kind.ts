// Labelling data: choose, tag, transcribe, draw boxes. Several people answer each task; what most skilled ones agree on
// is right, and whoever agrees with it is paid by the skill that was measured so far, at least a floor.
import { JUDGED_OUTPUT_BYTES } from '@piecework/protocol'
import { defineKind, type Kind, NO_PERMISSIONS } from '../../kind.ts'
import { itemOf } from '../../people/item.ts'
import { SPEC_BYTES } from '../../spec.ts'
import { confidenceIn, fieldOf, formReader, ITEM, outputReader, writeAnswer } from './answer.ts'
import { judgeLabels } from './judge.ts'
import { type LabelForm, type LabelSpec, labelSpec } from './spec.ts'

/** Part of a million: only who answered too late is drawn in vain. */
const USUAL_RATE = 50_000

interface LabelTask {
  readonly spec: LabelSpec
  readonly index: number
}

const ASKS: Readonly<Record<LabelForm['type'], string>> = {
  one: 'Choose one option',
  several: 'Choose all options that fit',
  text: 'Write a short text',
  boxes: 'Draw boxes on a picture',
}

export const kind: Kind = defineKind<LabelSpec, LabelTask>({
  name: 'label',
  id: 5,
  version: 1,
  allocation: 'dealt',
  checking: 'across',
  delivery: 'all',
  rate: USUAL_RATE,
  limits: { specBytes: SPEC_BYTES, outputBytes: JUDGED_OUTPUT_BYTES, memoryBytes: 0, wallMs: 0 },
  spec: labelSpec,
  describe: ({ answer, floor }) =>
    `${ASKS[answer.type]} for each task; an answer that agrees with the others is paid at least ` +
    `${floor / 10_000} % of the price, and more the more of yours did before.`,
  permissions: () => NO_PERMISSIONS,
  needs: ({ items, images }) => [items, ...images],
  task: (spec, index) => ({ spec, index }),
  present: async ({ spec, index }, content) => ({
    instructions: spec.instructions,
    shown: await itemOf({ of: spec.items, name: ITEM }, index, content),
    fields: [fieldOf(spec.answer)],
    floor: spec.floor,
  }),
  accept: async ({ spec }, input) => writeAnswer(formReader(spec.answer)(input)),
  units: () => 1,
  result: ({ answer: form }, output) => {
    const answer = outputReader(form)(output)
    return answer === undefined ? { unreadable: true } : { answer }
  },
  aggregate: judgeLabels,
  confidence: confidenceIn,
  skills: (_spec, memory) => memory,
})
