// The local interface through which a person's tasks are shown and answered: whatever shows them uses these calls alone.
import { ApiError, type Route, sentenceOf } from '@piecework/api'
import { toHex } from '@piecework/protocol'
import { type Content, WorkError } from '@piecework/work'
import { z } from 'zod'
import { NodeError } from './errors.ts'
import type { Questions, WholeQuestion } from './questions.ts'

const answerBody = z.strictObject({ answer: z.unknown() })
const draftBody = z.strictObject({ draft: z.unknown() })
const skipBody = z.strictObject({ why: z.string().max(500).default('somebody else may do it') })

export interface QuestionPorts {
  readonly questions: Questions
  readonly content: Content
}

export function questionRoutes({ questions, content }: QuestionPorts): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/work',
      summary: 'Tasks that wait for an answer, oldest first.',
      answer: () => questions.open,
    },
    {
      method: 'GET',
      path: '/work/:id',
      summary: 'One of them: instructions, what is shown, the fields to fill in, and what was begun.',
      answer: ({ params }) => told(() => questions.whole(idOf(params))),
    },
    {
      method: 'GET',
      path: '/work/:id/content/:hash',
      summary: 'An image that it shows, in base64.',
      answer: ({ params }) =>
        told(async () => {
          const hash = shownIn(await questions.whole(idOf(params)), params['hash'] ?? '')
          return { base64: Buffer.from(await content.get(hash)).toString('base64') }
        }),
    },
    {
      method: 'POST',
      path: '/work/:id/draft',
      summary:
        'Keeps what was begun, as it is: it is shown again with the task. 400 for what is too long to keep.',
      body: draftBody,
      answer: ({ params, body }) =>
        told(async () => {
          await questions.save(idOf(params), draftBody.parse(body).draft)
          return { kept: true }
        }),
    },
    {
      method: 'POST',
      path: '/work/:id/answer',
      summary:
        'Answers it: { answer: { FIELD: VALUE } }. 400 says what to change; it can be answered again then.',
      body: answerBody,
      answer: ({ params, body }) =>
        told(async () => {
          await questions.give(idOf(params), answerBody.parse(body).answer)
          return { accepted: true }
        }),
    },
    {
      method: 'POST',
      path: '/work/:id/skip',
      summary: 'Leaves it undone: somebody else will be dealt it.',
      body: skipBody,
      answer: ({ params, body }) =>
        told(() => {
          questions.skip(idOf(params), skipBody.parse(body).why)
          return { skipped: true }
        }),
    },
  ]
}

function idOf({ id = '' }: Readonly<Record<string, string>>): number {
  if (/^\d{1,9}$/.test(id)) return Number(id)
  throw new ApiError('request/invalid', `'${id}' is no number of a task: GET /work lists them.`)
}

/** Only what the question names: this is no way to read whatever the node holds. */
function shownIn({ id, question }: WholeQuestion, wanted: string): Uint8Array {
  const images = question.shown.flatMap((one) => (one.type === 'image' ? [one.hash] : []))
  const written = [...question.instructions.matchAll(/\(sha256:([0-9a-f]{64})\)/g)].map(([, hash]) => hash)
  if (![...images, ...written].includes(wanted))
    throw new ApiError('request/not-found', `Task ${id} shows no image '${wanted}'.`)
  const hash = new Uint8Array(Buffer.from(wanted, 'hex'))
  if (toHex(hash) !== wanted) throw new ApiError('request/invalid', `'${wanted}' is no SHA-256.`)
  return hash
}

async function told<T>(act: () => Promise<T> | T): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof NodeError && error.code === 'questions/gone')
      throw new ApiError('request/not-found', error.message)
    if (error instanceof NodeError && error.code === 'drafts/too-long')
      throw new ApiError('request/invalid', error.message)
    if (error instanceof WorkError && error.code === 'answer/invalid')
      throw new ApiError('request/invalid', sentenceOf(error))
    throw error
  }
}
