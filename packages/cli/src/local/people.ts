// A simulated person: a program that answers questions about birds, over the interface that any program can use.
import { createInterface } from 'node:readline'
import { z } from 'zod'

const message = z.object({
  id: z.int(),
  error: z.string().optional(),
  question: z.object({ shown: z.array(z.object({ text: z.string().default('') })) }).optional(),
})

/** What gives a bird away. */
const SIGNS: readonly (readonly [sign: RegExp, bird: string])[] = [
  [/red breast/i, 'robin'],
  [/yellow beak/i, 'blackbird'],
  [/blue cap/i, 'tit'],
]

for await (const line of createInterface(process.stdin)) {
  const { id, error, question } = message.parse(JSON.parse(line))
  const text = question?.shown.map((one) => one.text).join(' ') ?? ''
  const [, bird = 'other'] = SIGNS.find(([sign]) => sign.test(text)) ?? []
  const reply = error === undefined ? { id, answer: { answer: bird } } : { id, skip: error }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
