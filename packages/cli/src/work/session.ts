// A person at work: one task after the other, saved with every key. An answer is sent only when the next one is given, or
// at the end, so that the last one can still be taken back.
import type { ApiClient } from '@piecework/api'
import type { Question } from '@piecework/work'
import { z } from 'zod'
import { sentenceOf } from '../errors.ts'
import { type Draft, EMPTY, type Form, formOf, type Key, press, undo } from './form.ts'
import { isToSend, linesOfForm, linesOfQuestion } from './show.ts'

export interface OpenTask {
  readonly id: number
  readonly job: number
  readonly task: number
  readonly kind: string
  readonly title: string
  readonly until: number
}

export const openTasks: z.ZodType<readonly OpenTask[]> = z.array(
  z.object({
    id: z.int(),
    job: z.int(),
    task: z.int(),
    kind: z.string(),
    title: z.string(),
    until: z.int(),
  }),
)

export interface WholeTask {
  readonly id: number
  readonly task: number
  readonly title: string
  readonly question: Question
  readonly draft: unknown
}

const shape = z.object({ id: z.int(), task: z.int(), title: z.string(), draft: z.unknown() })
// What a node shows is its own question; its fields are looked at where they are drawn.
export const wholeTask: z.ZodType<WholeTask> = shape.extend({ question: z.custom<Question>() })

const draftForm: z.ZodType<Draft> = z.object({
  values: z.record(z.string(), z.unknown()),
  typed: z.string(),
  at: z.int().min(0),
})

export interface SessionPorts {
  readonly node: ApiClient
  readonly keys: AsyncIterable<Key>
  readonly write: (lines: readonly string[]) => void
  /** Where an image can be looked at. */
  readonly imageAt: (hash: string) => string
  /** Called before a task is shown. */
  readonly prepare: (task: WholeTask) => Promise<void>
}

interface Held {
  readonly task: WholeTask
  readonly form: Form
}

export class Session {
  readonly #ports: SessionPorts
  readonly #keys: AsyncIterator<Key>
  /** Answered, and not sent yet. */
  #held: Held | undefined
  readonly #left = new Set<number>()
  sent = 0
  skipped = 0

  constructor(ports: SessionPorts) {
    this.#ports = ports
    this.#keys = ports.keys[Symbol.asyncIterator]()
  }

  /** Until there is nothing left to do, or its person ends it. */
  async run(): Promise<void> {
    for (;;) {
      const next = await this.#next()
      if (next === undefined && this.#held === undefined) break
      const how = next === undefined ? await this.#last() : await this.#answer(next)
      if (how === 'end') break
    }
    await this.#send()
    await this.#keys.return?.()
  }

  async #next(): Promise<WholeTask | undefined> {
    const { node } = this.#ports
    const open = await node.get('/work', openTasks)
    const first = open.find(({ id }) => id !== this.#held?.task.id && !this.#left.has(id))
    return first === undefined ? undefined : node.get(`/work/${first.id}`, wholeTask)
  }

  /** Nothing else waits: the last answer goes out when its person says so. */
  async #last(): Promise<'next' | 'end'> {
    this.#ports.write(['That was the last task for now.   return: send it   ctrl-z: back to it'])
    for (;;) {
      const { value: key, done } = await this.#keys.next()
      if (done === true || (key.ctrl && key.name === 'c')) return 'end'
      if (key.ctrl && key.name === 'z') return this.#back()
      if (key.name !== 'return') continue
      await this.#send()
      return 'next'
    }
  }

  async #answer(
    task: WholeTask,
    form: Form = formOf(task.question.fields, draftOf(task)),
  ): Promise<'next' | 'end'> {
    await this.#ports.prepare(task)
    this.#show(task, form)
    for (let now = form; ; ) {
      const { value: key, done } = await this.#keys.next()
      if (done === true || (key.ctrl && key.name === 'c')) return 'end'
      if (key.ctrl && key.name === 'n') return this.#skip(task)
      const isUndo = key.ctrl && key.name === 'z'
      if (isUndo && now.before.length === 0 && this.#held !== undefined) return this.#back()
      if (isToSend(now, key.name)) return this.#hold({ task, form: now })
      now = isUndo ? undo(now) : press(now, key)
      await this.#save(task, now.draft)
      this.#show(task, now)
    }
  }

  #show({ title, task, question }: WholeTask, form: Form): void {
    const { write, imageAt } = this.#ports
    write([...linesOfQuestion({ title, task, question, imageAt }), ...linesOfForm(form)])
  }

  async #save({ id }: WholeTask, draft: Draft): Promise<void> {
    await this.#ports.node.post(`/work/${id}/draft`, { draft }, z.unknown())
  }

  /** The answer before this one goes out now. */
  async #hold(held: Held): Promise<'next' | 'end'> {
    await this.#send()
    this.#held = held
    return 'next'
  }

  /** Back to the answer before, which was not sent yet. */
  async #back(): Promise<'next' | 'end'> {
    const held = this.#held
    this.#held = undefined
    return held === undefined ? 'next' : this.#answer(held.task, undo(held.form))
  }

  async #skip({ id }: WholeTask): Promise<'next'> {
    await this.#ports.node.post(`/work/${id}/skip`, {}, z.unknown())
    this.skipped += 1
    return 'next'
  }

  async #send(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    if (held === undefined) return
    const { task, form } = held
    try {
      await this.#ports.node.post(`/work/${task.id}/answer`, { answer: form.draft.values }, z.unknown())
      this.sent += 1
    } catch (error) {
      // The task is still open: it comes again with what is to be changed.
      this.#ports.write([`Task ${task.task} was not accepted: ${sentenceOf(error)}`])
      await this.#save(task, EMPTY).catch(() => this.#left.add(task.id))
    }
  }
}

function draftOf({ draft }: WholeTask): Draft {
  return draftForm.safeParse(draft).data ?? EMPTY
}
