// Judging: which of two is better, a grade with a reason, a rewrite, whether a claim is true by quoted sources. Several
// people judge each task; who agrees with what was found is paid by the skill that was measured so far.
import { JUDGED_OUTPUT_BYTES } from '@piecework/protocol'
import { WorkError } from '../../errors.ts'
import { type Content, defineKind, type Kind, NO_PERMISSIONS } from '../../kind.ts'
import { itemOf } from '../../people/item.ts'
import type { Shown } from '../../people/question.ts'
import { invalidAnswer } from '../../people/read-answer.ts'
import { SPEC_BYTES } from '../../spec.ts'
import { fieldsOf, formReader, outputReader, writeAnswer } from './answer.ts'
import { judgeAnswers, skillsIn } from './judge.ts'
import { pairOf } from './pair.ts'
import { plainText, quotesHold } from './quotes.ts'
import { type JudgeForm, type JudgeSpec, judgeSpec, type Source } from './spec.ts'

/** Part of a million: only who answered too late is drawn in vain. */
const USUAL_RATE = 50_000

interface JudgeTask {
  readonly spec: JudgeSpec
  readonly index: number
}

const ASKS: Readonly<Record<JudgeForm['type'], string>> = {
  pairs: 'Say which of two is better',
  grade: 'Give a grade and say why',
  rewrite: 'Write a better text',
  claims: 'Say whether a claim is true, and quote the source that says so',
}

async function shownTo({ spec, index }: JudgeTask, content: Content): Promise<readonly Shown[]> {
  const { items: of, answer: form } = spec
  if (form.type === 'pairs') {
    const { first, second } = pairOf(index, form.count)
    const [one, other] = [
      itemOf({ of, name: 'first' }, first, content),
      itemOf({ of, name: 'second' }, second, content),
    ]
    return [...(await one), ...(await other)]
  }
  const item = await itemOf({ of, name: 'item' }, index, content)
  if (form.type !== 'claims') return item
  const sources = form.sources.map(async ({ name, hash }) => {
    return { name, type: 'text' as const, text: new TextDecoder().decode(await content.get(hash)) }
  })
  return [...item, ...(await Promise.all(sources))]
}

/** A quote that is not in its source, and a text that was only copied, are sent back before they become an output. */
async function accept({ spec, index }: JudgeTask, input: unknown, content: Content): Promise<Uint8Array> {
  const { answer: form, items: of } = spec
  const answer = formReader(form)(input)
  if (form.type === 'claims') {
    const texts = new Map<Source, string>()
    for (const source of form.sources) texts.set(source, plainText(await content.get(source.hash)))
    if (!quotesHold(answer, form.sources, (source) => texts.get(source) ?? ''))
      throw invalidAnswer(
        'Quote at least one sentence, word by word as a source has it, or say that it is unclear.',
      )
  }
  if (form.type === 'rewrite') {
    const [item] = await itemOf({ of, name: 'item' }, index, content)
    if (item?.type === 'text' && item.text === answer.text) throw invalidAnswer('It is the same text.')
  }
  return writeAnswer(answer)
}

export const kind: Kind = defineKind<JudgeSpec, JudgeTask>({
  name: 'judge',
  id: 6,
  version: 1,
  allocation: 'dealt',
  checking: 'across',
  delivery: 'all',
  rate: USUAL_RATE,
  limits: { specBytes: SPEC_BYTES, outputBytes: JUDGED_OUTPUT_BYTES, memoryBytes: 0, wallMs: 0 },
  spec: judgeSpec,
  describe: ({ answer, floor }) =>
    `${ASKS[answer.type]} for each task; an answer that agrees with what is found is paid at least ` +
    `${floor / 10_000} % of the price, and more the more of yours did before.`,
  permissions: () => NO_PERMISSIONS,
  needs: ({ items, images, answer }) => [
    items,
    ...images,
    ...(answer.type === 'claims' ? answer.sources.map(({ hash }) => hash) : []),
  ],
  task: (spec, index) => {
    if (spec.answer.type === 'pairs' && index >= 2 * spec.answer.count * (spec.answer.count - 1))
      throw new WorkError(
        'task/none',
        `There is no task ${index}: all pairs were shown in both orders before.`,
      )
    return { spec, index }
  },
  present: async (task, content) => ({
    instructions: task.spec.instructions,
    shown: await shownTo(task, content),
    fields: fieldsOf(task.spec.answer),
    floor: task.spec.floor,
  }),
  accept,
  units: () => 1,
  result: ({ answer }, output) => outputReader(answer)(output) ?? { unreadable: true },
  aggregate: judgeAnswers,
  skills: skillsIn,
  judgesWith: ({ answer }) => (answer.type === 'claims' ? answer.sources.map(({ hash }) => hash) : []),
})
