import { NO_PERMISSIONS } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import type { Consent } from '../src/common/consent.ts'
import { NodeContent } from '../src/common/content.ts'
import { Jobs } from '../src/common/jobs.ts'
import { Web } from '../src/common/web.ts'
import type { Task } from '../src/deal.ts'
import { Questions } from '../src/questions.ts'
import { type Done, Work } from '../src/work.ts'
import { echoKinds, echoSpec, noSandbox } from './support/echo.ts'
import { beginScene, type Scene, settled } from './support/scene.ts'

const AGREED: Consent = new Map([[1, NO_PERMISSIONS]])

/** Who answers, and what of the web may be reached: neither is needed by echoes. */
function aside(scene: Scene): { readonly questions: Questions; readonly web: Web } {
  const { settings, now, log } = scene.ports
  return {
    questions: new Questions({ settings, program: undefined }),
    web: new Web({ refusedHosts: [], now, log }),
  }
}

interface Bench {
  readonly work: Work
  readonly done: Done[]
  /** Lets so many of those that wait end. */
  readonly release: (count: number) => void
}

function workIn(scene: Scene, { consent = AGREED, parallel = 2, holds = false } = {}): Bench {
  const done: Done[] = []
  const held: (() => void)[] = []
  const pass = async (one: Done): Promise<void> => {
    if (holds) await new Promise<void>((resolve) => held.push(resolve))
    done.push(one)
  }
  const content = new NodeContent({ store: scene.store.content, verifiers: scene.verifiers })
  const jobs = new Jobs({ chain: scene.chain, kinds: echoKinds, content })
  const ports = { ...scene.ports, ...aside(scene), jobs, content, sandbox: noSandbox }
  const work = new Work({ ...ports, consent, parallel, pass })
  const release = (count: number): void => {
    for (const end of held.splice(0, count)) end()
  }
  return { work, done, release }
}

const tasks = (job: number, ...numbers: number[]): Task[] => numbers.map((task) => ({ epoch: 0, job, task }))

describe('work', () => {
  it('does each task once, so many at a time, in the order of the deal', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    await scene.moment()
    const { work, done, release } = workIn(scene, { holds: true })
    work.take(tasks(job, 4, 2, 7))
    work.take(tasks(job, 2, 7))
    await settled()
    expect(work.counts).toEqual({ waiting: 1, running: 2, done: 0, left: 0 })
    release(2)
    await settled()
    release(1)
    await work.settled()
    expect(done.map(({ task }) => task)).toEqual([4, 2, 7])
    expect(done.map(({ output, until }) => [new TextDecoder().decode(output), until])).toEqual([
      ['hello 4', 2],
      ['hello 2', 2],
      ['hello 7', 2],
    ])
  })

  it('leaves what its owner did not agree to: other kinds, and hosts that were not named', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec({ hosts: ['example.org'] }))
    await scene.moment()
    const nothing = workIn(scene, { consent: new Map() })
    nothing.work.take(tasks(job, 0))
    await nothing.work.settled()
    const noHosts = workIn(scene)
    noHosts.work.take(tasks(job, 0, 1))
    await noHosts.work.settled()
    expect([nothing.done, noHosts.done]).toEqual([[], []])
    expect(scene.log.count('task-left')).toBe(2)
    const agreed = workIn(scene, { consent: new Map([[1, { ...NO_PERMISSIONS, hosts: ['example.org'] }]]) })
    agreed.work.take(tasks(job, 0))
    await agreed.work.settled()
    expect(agreed.done).toHaveLength(1)
  })

  it('waits for a spec that nobody has yet, and leaves one that is none', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    const moment = await scene.moment()
    const held = scene.scripted.map((one) => new Map(one.content))
    for (const one of scene.scripted) one.content.clear()
    const { work, done } = workIn(scene)
    work.take(tasks(job, 0))
    await work.settled()
    for (let slot = 0; slot < 5; slot++) {
      work.see(moment)
      await work.settled()
    }
    expect(work.counts).toEqual({ waiting: 1, running: 0, done: 0, left: 0 })
    for (const [i, one] of scene.scripted.entries()) {
      for (const [hash, bytes] of held[i] ?? []) one.content.set(hash, bytes)
    }
    work.see(moment)
    await work.settled()
    expect(done).toHaveLength(1)

    const broken = await scene.job(2n, new TextEncoder().encode('no spec'))
    await scene.moment()
    work.take(tasks(broken, 0))
    await work.settled()
    expect(work.counts.left).toBe(1)
  })

  it('keeps what it has done when the disk has room again, and begins nothing else before', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    const moment = await scene.moment()
    let isFull = true
    const kept: number[] = []
    let performed = 0
    const pass = async ({ task }: Done): Promise<void> => {
      if (isFull) throw new Error('the disk is full')
      kept.push(task)
    }
    const content = new NodeContent({ store: scene.store.content, verifiers: scene.verifiers })
    const jobs = new Jobs({ chain: scene.chain, kinds: echoKinds, content })
    const now = (): number => ++performed
    const ports = { ...scene.ports, ...aside(scene), now, jobs, content, sandbox: noSandbox }
    const work = new Work({ ...ports, consent: AGREED, parallel: 1, pass })
    work.take(tasks(job, 0, 1, 2))
    await work.settled()
    work.see(moment)
    await work.settled()
    expect([performed, kept, work.counts.waiting]).toEqual([1, [], 3])
    isFull = false
    work.see(moment)
    await work.settled()
    expect([performed, kept]).toEqual([3, [0, 1, 2]])
  })

  it('leaves what is too late for its lease', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec(), { leaseEpochs: 0 })
    await scene.net.settle(0)
    const moment = await scene.moment()
    const { work, done } = workIn(scene)
    work.see(moment)
    work.take(tasks(job, 0))
    await work.settled()
    expect(done).toEqual([])
    expect(scene.log.lines.map(({ fields }) => fields['why'])).toEqual(['it is too late for it'])
  })
})
