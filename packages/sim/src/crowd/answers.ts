// What a member of the crowd answers, by its role: a program at the interface that any contributor's program uses.
import { createInterface } from 'node:readline'
import { z } from 'zod'

const message = z.object({
  id: z.int(),
  error: z.string().optional(),
  question: z
    .object({
      shown: z.array(z.object({ text: z.string().default('') })),
      fields: z.array(z.object({ type: z.string(), name: z.string() })),
    })
    .optional(),
})

type Question = NonNullable<z.output<typeof message>['question']>
type Answering = (question: Question) => unknown

const BIRDS: readonly (readonly [sign: RegExp, bird: string])[] = [
  [/red breast/i, 'robin'],
  [/yellow beak/i, 'blackbird'],
  [/blue cap/i, 'tit'],
]
/** What a third agreed to say in place of each. */
const AGREED: Readonly<Record<string, string>> = {
  robin: 'tit',
  blackbird: 'robin',
  tit: 'other',
  other: 'blackbird',
}

const CLAIMS: readonly (readonly [sign: RegExp, verdict: string, quote: string])[] = [
  [/An identity/, 'true', 'A node is an ed25519 key.'],
  [/asks for it first/, 'false', 'Nobody can choose its tasks.'],
  [/loses what it earned/, 'false', 'A node that was away has a day'],
]

const textOf = ({ shown }: Question): string => shown.map(({ text }) => text).join(' ')
const isClaim = ({ fields }: Question): boolean => fields.some(({ type }) => type === 'quotes')
const quoted = (text: string): object => ({ quotes: [{ source: 'rules', text }] })

function birdIn(question: Question): string {
  return BIRDS.find(([sign]) => sign.test(textOf(question)))?.[1] ?? 'other'
}

function claimIn(question: Question): { readonly verdict: string; readonly quote: string } {
  const [, verdict = 'unclear', quote = ''] = CLAIMS.find(([sign]) => sign.test(textOf(question))) ?? []
  return { verdict, quote }
}

function honest(question: Question): unknown {
  if (!isClaim(question)) return { answer: birdIn(question) }
  const { verdict, quote } = claimIn(question)
  return { verdict, ...quoted(quote) }
}

function colluding(question: Question): unknown {
  if (!isClaim(question)) return { answer: AGREED[birdIn(question)] }
  const { verdict, quote } = claimIn(question)
  return { verdict: verdict === 'true' ? 'false' : 'true', ...quoted(quote) }
}

/** It does not look at what it is asked. */
function spammer(question: Question): unknown {
  return isClaim(question) ? { verdict: 'unclear', quotes: [] } : { answer: 'robin' }
}

const ANSWERS: Readonly<Record<string, Answering>> = {
  honest,
  colluding,
  spammer,
  /** A spot in the corner: the job's own check does not pass it. */
  careless: () => ({ answer: '1 1\n' }),
}

const [role = 'honest'] = process.argv.slice(2)
const answerOf = ANSWERS[role] ?? honest
for await (const line of createInterface(process.stdin)) {
  const { id, error, question } = message.parse(JSON.parse(line))
  const reply =
    question === undefined ? { id, skip: error ?? 'nothing was asked' } : { id, answer: answerOf(question) }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
