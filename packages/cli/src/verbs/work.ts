// work: tasks that wait for a person, at the node of this machine.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type ApiClient, apiClient } from '@piecework/api'
import { z } from 'zod'
import { readDaemonConfig, urlOf } from '../common/daemon-config.ts'
import { text, wholeNumber } from '../common/input.ts'
import type { Context } from '../context.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'
import { formOf } from '../work/form.ts'
import { openTasks, Session, type WholeTask, wholeTask } from '../work/session.ts'
import { linesOfForm, linesOfQuestion } from '../work/show.ts'
import { newKind } from './work-new.ts'

const FOLDER = text.default('node')
const FOLDER_OPTION = { flags: '--folder <folder>', about: 'of the node (node)' } as const
/** Above the terminal's lines: what was there before is out of sight. */
const CLEAR = '\x1b[2J\x1b[H'

interface Desk {
  readonly node: ApiClient
  readonly images: string
}

/** The running node of a folder, with the right to answer for it. */
async function deskOf(context: Context, folder: string): Promise<Desk> {
  const { nodeConfig } = await import('@piecework/node')
  const { config, base } = await readDaemonConfig(context, {
    daemon: 'node',
    schema: nodeConfig,
    where: folder,
  })
  const url = urlOf(config.api)
  const data = resolve(base, config.folder)
  const token = (await readFile(join(data, 'token'), 'utf8').catch(() => '')).trim()
  return { node: apiClient({ url, token }), images: join(data, 'images') }
}

const content = z.object({ base64: z.string() })

/** Images as files, for whatever shows them on this machine. */
async function saveImages({ node, images }: Desk, { id, question }: WholeTask): Promise<void> {
  const written = [...question.instructions.matchAll(/\(sha256:([0-9a-f]{64})\)/g)].map(
    ([, hash = '']) => hash,
  )
  const shown = question.shown.flatMap((one) => (one.type === 'image' ? [one.hash] : []))
  if (written.length + shown.length === 0) return
  await mkdir(images, { recursive: true })
  for (const hash of new Set([...written, ...shown])) {
    const { base64 } = await node.get(`/work/${id}/content/${hash}`, content)
    await writeFile(join(images, hash), Buffer.from(base64, 'base64'))
  }
}

const list: Verb = defineVerb({
  words: 'list',
  about: 'tasks that wait for your answer, oldest first',
  options: [FOLDER_OPTION],
  examples: ['piecework work list --folder node'],
  input: z.object({ folder: FOLDER }),
  async run(context, { folder }) {
    const { node } = await deskOf(context, folder)
    const open = await node.get('/work', openTasks)
    const lines = open.map(({ id, kind, title, until }) => `${id}  ${title} (${kind}, until epoch ${until})`)
    context.print(open, lines.length === 0 ? ['Nothing waits for an answer now.'] : lines)
  },
})

const show: Verb = defineVerb({
  words: 'show <id>',
  about: 'one of them, as `work do` shows it',
  options: [FOLDER_OPTION],
  examples: ['piecework work show 1 --folder node'],
  input: z.object({ id: wholeNumber, folder: FOLDER }),
  async run(context, { id, folder }) {
    const desk = await deskOf(context, folder)
    const task = await desk.node.get(`/work/${id}`, wholeTask)
    await saveImages(desk, task)
    const imageAt = (hash: string): string => join(desk.images, hash)
    const lines = linesOfQuestion({ ...task, imageAt })
    context.print(task, [...lines, ...linesOfForm(formOf(task.question.fields))])
  },
})

const doIt: Verb = defineVerb({
  words: 'do',
  about:
    'answer them by keyboard, one after the other; what you began is kept, and the last answer can be taken back',
  options: [FOLDER_OPTION],
  examples: ['piecework work do --folder node'],
  input: z.object({ folder: FOLDER }),
  async run(context, { folder }) {
    const desk = await deskOf(context, folder)
    const { io } = context
    const write = (lines: readonly string[]): void =>
      io.err(`${io.isTerminal ? CLEAR : ''}${lines.join('\n')}`)
    const imageAt = (hash: string): string => join(desk.images, hash)
    const prepare = (task: WholeTask): Promise<void> => saveImages(desk, task)
    const session = new Session({ node: desk.node, keys: io.keys(), write, imageAt, prepare })
    await session.run()
    const { sent, skipped } = session
    context.print({ sent, skipped }, [`${sent} answers sent, ${skipped} tasks left to others.`])
  },
})

export const work: Noun = {
  noun: 'work',
  about: 'do the tasks that wait for a person; write a kind of work',
  verbs: [list, show, doIt, newKind],
}
