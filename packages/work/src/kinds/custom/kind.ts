// Any work a founder can think of: any program or person answers, and a module that the job brings says what the answer
// is worth. Who checks runs the same module on the same bytes.
import { OUTPUT_BYTES, SCORE_ONE, ZERO_HASH } from '@piecework/protocol'
import { neededFor, pieceOf } from '../../content/pieces.ts'
import { WorkError } from '../../errors.ts'
import {
  type CheckContext,
  defineKind,
  type Kind,
  NO_PERMISSIONS,
  type Verdict,
  type WorkContext,
} from '../../kind.ts'
import { answersOf } from '../../people/answers.ts'
import type { Field, Question, Shown } from '../../people/question.ts'
import { answerReader, invalidAnswer } from '../../people/read-answer.ts'
import { MEMORY_PAGES } from '../../sandbox/limits.ts'
import { SPEC_BYTES } from '../../spec.ts'
import { type CustomTask, readOutput, scoreOf, writeOutput } from './score.ts'
import { type CustomSpec, customSpec } from './spec.ts'

/** Part of a million. */
const USUAL_RATE = 50_000
/** Ten times what the most fuel takes on a fast machine. */
const WALL_MS = 100_000
const PAGE_BYTES = 65_536

function fieldOf({ type, most }: CustomSpec['answer']): Field {
  const named = { name: 'answer', label: 'Your answer', most }
  return type === 'text' ? { ...named, type: 'text', least: 0 } : { ...named, type: 'bytes' }
}

async function questionOf({ spec, index }: CustomTask, { content }: WorkContext): Promise<Question> {
  const piece = await pieceOf(spec.pieces, index, content)
  const asText = new TextDecoder().decode(piece)
  const name = 'task'
  const shown: Shown =
    spec.pieces.each === 'index'
      ? { name, type: 'text', text: String(index) }
      : spec.pieces.each === 'line'
        ? { name, type: 'text', text: asText }
        : { name, type: 'bytes', base64: Buffer.from(piece).toString('base64') }
  return { instructions: spec.instructions, shown: [shown], fields: [fieldOf(spec.answer)], floor: SCORE_ONE }
}

/** An answer that the job's check does not pass never becomes an output: whoever gave it may try again. */
async function perform(task: CustomTask, context: WorkContext): Promise<Uint8Array> {
  const { answer: form, pass } = task.spec
  const read = answerReader([fieldOf(form)])
  return answersOf(context.answers).ask({
    question: await questionOf(task, context),
    accept: async (given) => {
      const text = String(read(given)['answer'])
      const answer = new Uint8Array(Buffer.from(text, form.type === 'text' ? 'utf8' : 'base64'))
      if (answer.length > form.most) throw invalidAnswer(`It is longer than ${form.most} bytes.`)
      const { score } = await scoreOf(task, answer, context)
      if (score >= pass) return writeOutput(score, answer)
      throw invalidAnswer(`The job's check gives it ${score} millionths, and ${pass} are asked for.`)
    },
  })
}

async function check(task: CustomTask, output: Uint8Array, context: CheckContext): Promise<Verdict> {
  const claimed = readOutput(output)
  try {
    const { score, trace } = await scoreOf(task, claimed?.answer ?? output, context)
    const { pass, answer } = task.spec
    const fits = claimed !== undefined && claimed.answer.length <= answer.most
    const passed = fits && claimed.score === score && score >= pass
    return { passed, trace, why: passed ? '' : `the job's check gives it ${score} millionths` }
  } catch (error) {
    if (!isNoTask(error)) throw error
    return { passed: false, trace: ZERO_HASH, why: `there is nothing to do here: ${error.message}` }
  }
}

/** Nobody can do it on any machine, so whoever claims to have done it did not. */
function isNoTask(error: unknown): error is WorkError {
  const codes = ['task/none', 'module/malformed', 'module/refused', 'sandbox/input-too-long']
  return error instanceof WorkError && codes.includes(error.code)
}

export const kind: Kind = defineKind<CustomSpec, CustomTask>({
  name: 'custom',
  id: 2,
  version: 1,
  allocation: 'dealt',
  checking: 'exact',
  delivery: 'all',
  rate: USUAL_RATE,
  limits: {
    specBytes: SPEC_BYTES,
    outputBytes: OUTPUT_BYTES,
    memoryBytes: MEMORY_PAGES * PAGE_BYTES,
    wallMs: WALL_MS,
  },
  spec: customSpec,
  describe: ({ answer, pass }) =>
    `Answer with ${answer.type === 'text' ? 'a text' : 'bytes'} by a program of your own; the job's check must give it ` +
    `${pass / 10_000} % or more.`,
  permissions: () => NO_PERMISSIONS,
  needs: ({ check: { module, shared }, pieces }) => [
    module,
    ...(shared === undefined ? [] : [shared]),
    ...neededFor(pieces),
  ],
  task: (spec, index) => ({ spec, index }),
  units: ({ unitsOfAll }, output) => Math.ceil(((readOutput(output)?.score ?? 0) * unitsOfAll) / SCORE_ONE),
  result: ({ answer: { type } }, output) => {
    const read = readOutput(output)
    if (read === undefined) return { unreadable: true }
    const bytes = Buffer.from(read.answer)
    return {
      score: read.score,
      ...(type === 'text' ? { text: bytes.toString('utf8') } : { hex: bytes.toString('hex') }),
    }
  },
  perform,
  check,
})
