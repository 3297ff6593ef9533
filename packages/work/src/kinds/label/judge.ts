// Which answers are right: options by Dawid-Skene over all that is judged at once, texts and boxes by which answer the
// others agree with, weighed by skill. Then everybody's score, by the skill that was measured before.
import { type JudgedTask, type Judgement, SCORE_ONE } from '@piecework/protocol'
import type { AcrossInput } from '../../kind.ts'
import { provenPart, Skills, scoreOf } from '../../people/skills.ts'
import { fixedAnswer, type Reading, type Voice, voicesOf } from '../../people/voices.ts'
import { mostAgreed } from '../../statistics/agreement.ts'
import type { Vote } from '../../statistics/crowd.ts'
import { dawidSkene } from '../../statistics/dawid-skene.ts'
import { millionths } from '../../statistics/millionths.ts'
import { agreementOf, chanceOf } from './agreement.ts'
import { type LabelAnswer, outputReader, writeResult } from './answer.ts'
import type { LabelForm, LabelSpec } from './spec.ts'

interface Asked {
  readonly task: JudgedTask
  readonly voices: readonly Voice<LabelAnswer>[]
  readonly fixed: LabelAnswer | undefined
}

interface Found {
  /** Undefined where nobody has a say. */
  readonly answer: LabelAnswer | undefined
  readonly confidence: number
}

export function judgeLabels({ answer: form, floor }: LabelSpec, { memory, tasks }: AcrossInput): Judgement {
  const skills = new Skills(memory)
  const read = outputReader(form)
  const reading: Reading<LabelAnswer> = { read, agreement: (a, b) => agreementOf(form, a, b) }
  const asked = tasks.map((task) => askedOf(reading, task))
  const found =
    form.type === 'one' || form.type === 'several'
      ? byOptions(form, asked, skills)
      : byMiddle(form, asked, skills)
  const judged = asked.map(({ task }, i) => {
    const { answer, confidence } = found[i] ?? { answer: undefined, confidence: 0 }
    const scores = task.answers.map(({ owner, output }) => {
      const given = read(output)
      const credit =
        given === undefined || answer === undefined ? 0 : millionths(agreementOf(form, given, answer))
      return scoreOf({ credit, floor, proven: provenPart(skills.of(owner), chanceOf(form)) })
    })
    return { result: writeResult(answer, confidence), scores }
  })
  return { tasks: judged, memory: remembered(form, { asked, found, memory }) }
}

function askedOf(reading: Reading<LabelAnswer>, task: JudgedTask): Asked {
  const voices = voicesOf(task.answers, reading)
  const before = task.result === undefined ? undefined : reading.read(task.result)
  return { task, voices, fixed: before ?? fixedAnswer(task, voices, reading) }
}

interface Judging {
  readonly asked: readonly Asked[]
  readonly found: readonly Found[]
  readonly memory: Uint8Array
}

/** Each owner's answer to each task counts once. */
function remembered(form: LabelForm, { asked, found, memory }: Judging): Uint8Array {
  const skills = new Skills(memory)
  for (const [i, { voices }] of asked.entries()) {
    const answer = found[i]?.answer
    if (answer === undefined) continue
    for (const voice of voices) skills.add(voice.owner, millionths(agreementOf(form, voice.answer, answer)))
  }
  return skills.write()
}

type OptionForm = Extract<LabelForm, { type: 'one' | 'several' }>

/** One option: the options are the classes. Several: each option is an item of its own, chosen or not. */
function byOptions(form: OptionForm, asked: readonly Asked[], skills: Skills): readonly Found[] {
  const owners = [...new Set(asked.flatMap(({ voices }) => voices.map(({ owner }) => owner)))].sort(
    (a, b) => a - b,
  )
  const workerOf = new Map(owners.map((owner, worker) => [owner, worker]))
  const past = new Map(
    owners.map((owner, worker) => {
      const { answers, right } = skills.of(owner)
      return [worker, { answers, right: right / SCORE_ONE }]
    }),
  )
  const values = form.options.map(({ value }) => value)
  const [classes, each] = form.type === 'one' ? [values.length, 1] : [2, values.length]
  const labelsOf = (answer: LabelAnswer): readonly number[] =>
    form.type === 'one'
      ? [values.indexOf(String(answer))]
      : values.map((value) => ([...answer].includes(value) ? 1 : 0))
  const votes = asked.flatMap(({ voices }, task): Vote[] =>
    voices.flatMap(({ owner, answer, silent }) =>
      labelsOf(answer).map((label, k) => ({
        item: task * each + k,
        worker: workerOf.get(owner) ?? 0,
        label,
        silent,
      })),
    ),
  )
  const known = new Map(
    asked.flatMap(({ fixed }, task) =>
      fixed === undefined
        ? []
        : labelsOf(fixed).map((label, k): [number, number] => [task * each + k, label]),
    ),
  )
  const estimate = dawidSkene({
    items: asked.length * each,
    workers: owners.length,
    classes,
    votes,
    known,
    past,
  })
  return asked.map((_, task) => {
    const items = Array.from({ length: each }, (_none, k) => task * each + k)
    const labels = items.map((item) => estimate.answers[item] ?? -1)
    if (labels.includes(-1)) return { answer: undefined, confidence: 0 }
    const sure = Math.min(...items.map((item, k) => estimate.likely[item * classes + (labels[k] ?? 0)] ?? 0))
    const chosen = values.filter((_value, k) => labels[k] === 1)
    const answer = form.type === 'one' ? values[labels[0] ?? 0] : chosen.toSorted()
    return { answer, confidence: millionths(sure) }
  })
}

function byMiddle(form: LabelForm, asked: readonly Asked[], skills: Skills): readonly Found[] {
  return asked.map(({ voices, fixed }) => {
    if (fixed !== undefined) return { answer: fixed, confidence: SCORE_ONE }
    const weighed = voices
      .filter(({ silent }) => !silent)
      .map(({ owner, answer }) => ({ answer, weight: SCORE_ONE + provenPart(skills.of(owner), 0) }))
    const most = mostAgreed(weighed, (a, b) => agreementOf(form, a, b))
    return { answer: most?.answer, confidence: millionths(most?.agreement ?? 0) }
  })
}
