// Tasks that people do: what waits for an answer, how it is answered at the local API, and what does not wait for it.
import { type Api, makeMetrics, serveApi } from '@piecework/api'
import { AnswerDesk, loadKinds, NO_PERMISSIONS, OPEN_QUESTIONS, writeJobSpec } from '@piecework/work'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { NodeContent } from '../src/common/content.ts'
import { Jobs } from '../src/common/jobs.ts'
import { Web } from '../src/common/web.ts'
import { questionRoutes } from '../src/question-routes.ts'
import { Questions } from '../src/questions.ts'
import { type Done, Work } from '../src/work.ts'
import { noSandbox } from './support/echo.ts'
import { beginScene, hashOf, type Scene, settled } from './support/scene.ts'

const kinds = await loadKinds([], (name) => import(name))
/** More than wait at once. */
const MANY = OPEN_QUESTIONS + 6
const others = Array.from({ length: MANY - 2 }, (_, i) => `bird ${i}`)
const items = new TextEncoder().encode(`${['a red breast', 'all black', ...others].join('\n')}\n`)
const picture = new TextEncoder().encode('bytes of a picture')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const spec = writeJobSpec({
  kind: 'label',
  title: 'Which bird is it?',
  work: {
    instructions: `Like this one: ![a robin](sha256:${hex(hashOf(picture))})`,
    items: hex(hashOf(items)),
    images: [hex(hashOf(picture))],
    answer: {
      type: 'one',
      options: [
        { value: 'robin', label: 'Robin' },
        { value: 'blackbird', label: 'Blackbird' },
      ],
    },
  },
})

interface Desk {
  readonly scene: Scene
  readonly job: number
  readonly work: Work
  readonly questions: Questions
  readonly done: Done[]
  readonly get: (path: string) => Promise<Response>
  readonly post: (path: string, body: unknown) => Promise<Response>
}

let api: Api | undefined
afterEach(async () => api?.stop())

function workOf(
  scene: Scene,
  done: Done[] = [],
): Pick<Desk, 'work' | 'questions'> & { content: NodeContent } {
  const { settings, now, log } = scene.ports
  const questions = new Questions({ settings, program: undefined })
  const content = new NodeContent({ store: scene.store.content, verifiers: scene.verifiers })
  const jobs = new Jobs({ chain: scene.chain, kinds, content })
  const web = new Web({ refusedHosts: [], now, log })
  const consent = new Map([[kinds.named('label').id, NO_PERMISSIONS]])
  const pass = async (one: Done): Promise<void> => void done.push(one)
  const ports = { ...scene.ports, questions, web, jobs, content, sandbox: noSandbox, consent }
  return { work: new Work({ ...ports, parallel: 1, pass }), questions, content }
}

async function deskWith(...tasks: readonly number[]): Promise<Desk> {
  const scene = await beginScene()
  const job = await scene.job(1n, spec, { workKind: kinds.named('label').id })
  for (const one of scene.scripted)
    for (const bytes of [items, picture]) one.content.set(hex(hashOf(bytes)), bytes)
  await scene.moment()
  const done: Done[] = []
  const { work, questions, content } = workOf(scene, done)
  const routes = questionRoutes({ questions, content })
  const served = { host: '127.0.0.1', port: 0, log: scene.log, metrics: makeMetrics({ machine: false }) }
  const own = serveApi({ ...served, token: 'secret', status: () => ({}), routes })
  api = own
  await own.start()
  work.take(tasks.map((task) => ({ epoch: 0, job, task })))
  await settled()
  const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' }
  return {
    ...{ scene, job, work, questions, done },
    get: (path) => fetch(`${own.url()}${path}`),
    post: (path, body) =>
      fetch(`${own.url()}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
  }
}

describe('questions', () => {
  it('are shown and answered at the local API, several at once on a machine that does one task at a time', async () => {
    const { get, post, done, work } = await deskWith(0, 1)
    expect(await (await get('/work')).json()).toMatchObject([
      { id: 1, task: 0, kind: 'label', title: 'Which bird is it?', until: 2 },
      { id: 2, task: 1 },
    ])
    expect(await (await get('/work/1')).json()).toMatchObject({
      question: {
        shown: [{ type: 'text', text: 'a red breast' }],
        fields: [{ name: 'answer', type: 'one' }],
      },
    })
    expect(await (await get(`/work/1/content/${hex(hashOf(picture))}`)).json()).toEqual({
      base64: Buffer.from(picture).toString('base64'),
    })
    expect((await get(`/work/1/content/${hex(hashOf(items))}`)).status).toBe(404)

    const wrong = await post('/work/2/answer', { answer: { answer: 'penguin' } })
    expect([wrong.status, JSON.stringify(await wrong.json())]).toEqual([
      400,
      expect.stringContaining('answer'),
    ])
    expect((await post('/work/2/answer', { answer: { answer: 'blackbird' } })).status).toBe(200)
    expect((await post('/work/1/skip', { why: 'too dark' })).status).toBe(200)
    await work.settled()
    expect(done.map(({ task, output }) => [task, new TextDecoder().decode(output)])).toEqual([
      [1, '"blackbird"'],
    ])
    expect(work.counts).toEqual({ waiting: 0, running: 0, done: 1, left: 1 })
    expect((await post('/work/2/answer', { answer: { answer: 'robin' } })).status).toBe(404)
  })

  it('keep what was begun, also over a restart, until they are answered', async () => {
    const { scene, job, get, post } = await deskWith(0)
    expect((await post('/work/1/draft', { draft: { answer: 'robin' } })).status).toBe(200)
    expect(await (await get('/work/1')).json()).toMatchObject({ draft: { answer: 'robin' } })
    await scene.restart()
    const again = workOf(scene)
    again.work.take([{ epoch: 0, job, task: 0 }])
    await settled()
    expect((await again.questions.whole(1)).draft).toEqual({ answer: 'robin' })
    await again.questions.give(1, { answer: 'robin' })
    await again.work.settled()
    again.work.take([{ epoch: 1, job, task: 0 }])
    const third = workOf(scene)
    third.work.take([{ epoch: 1, job, task: 0 }])
    await settled()
    expect((await third.questions.whole(1)).draft).toBeUndefined()
  })

  it('keep all that was begun when one answer is too long to be kept, and say so', async () => {
    const { get, post } = await deskWith(0, 1)
    expect((await post('/work/1/draft', { draft: { answer: 'robin' } })).status).toBe(200)
    const long = await post('/work/2/draft', { draft: { answer: 'x'.repeat(60_000) } })
    expect([long.status, JSON.stringify(await long.json())]).toEqual([
      400,
      expect.stringContaining('more than 60000 bytes'),
    ])
    expect(await (await get('/work/1')).json()).toMatchObject({ draft: { answer: 'robin' } })
  })

  it('can be answered again when what was begun could not be read once', async () => {
    const { questions, scene } = await deskWith(0)
    const read = vi.spyOn(scene.ports.settings, 'get').mockRejectedValueOnce(new Error('the disk is away'))
    await expect(questions.whole(1)).rejects.toThrow('the disk is away')
    expect((await questions.whole(1)).draft).toBeUndefined()
    read.mockRestore()
  })

  it('end when they are too late, also those that a program never answers', async () => {
    const { settings } = (await beginScene()).ports
    const program = new AnswerDesk()
    const questions = new Questions({ settings, program })
    const asking = { epoch: 0, job: 0, kind: 'custom', title: 'Which bird is it?' }
    const question = { instructions: '', shown: [], fields: [], floor: 0 }
    const asked = { question, accept: async () => new Uint8Array() }
    const late = Array.from({ length: OPEN_QUESTIONS }, (_, task) =>
      questions.ask({ ...asking, task, until: task === 0 ? 3 : 2 }, asked),
    )
    const ended = Promise.allSettled(late)
    questions.see(2)
    expect([questions.isFull, program.waiting().length]).toEqual([true, OPEN_QUESTIONS])
    questions.see(3)
    await expect(late[1]).rejects.toThrow('it is too late for it')
    expect([questions.isFull, program.waiting().map(({ id }) => id)]).toEqual([false, [1]])
    await expect(program.give(2, 'too late')).rejects.toThrow('No question 2 waits here')
    await program.give(1, 'in time')
    expect((await ended).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('are as many as anybody looks at; the others wait, and what is too late is taken away', async () => {
    const { scene, job, work, questions } = await deskWith()
    const moment = await scene.moment()
    work.take(others.map((_, i) => ({ epoch: 0, job, task: i })))
    work.take([{ epoch: 3, job, task: MANY - 2 }])
    work.take([{ epoch: 3, job, task: MANY - 1 }])
    await settled()
    expect([questions.open.length, work.counts.waiting]).toEqual([OPEN_QUESTIONS, 6])
    questions.skip(1, 'one less')
    await settled()
    work.see(moment)
    await settled()
    expect([questions.open.length, work.counts.waiting]).toEqual([OPEN_QUESTIONS, 5])
    // The leases of what was dealt in epoch 0 end with epoch 2.
    questions.see(3)
    await settled()
    work.see(moment)
    await settled()
    questions.see(3)
    await settled()
    expect(questions.open.map(({ epoch }) => epoch)).toEqual([3, 3])
  })
})
