// Jobs: their specs are here when something is asked of them, and as long as they are needed; verdicts stay with their epoch.
import {
  type Evidence,
  type Job,
  type JobRecord,
  NEVER,
  RowsView,
  readBatch,
  type State,
} from '@piecework/protocol'
import { localParams } from '@piecework/testkit/settlement'
import { loadKinds } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../src/common/hashes.ts'
import { Jobs } from '../src/common/jobs.ts'
import { bare, batchOf, hashOf, output, salt } from './support/bare.ts'
import { example } from './support/scene.ts'

const spec = example('job.json')
const { evidenceEpochs } = localParams()

/** A job that opened, whose content lies here; nothing is run, every claim is wrong. */
async function judging() {
  const kinds = await loadKinds([], (name) => import(name))
  const { shared } = await bare()
  const { content, networkId } = shared
  let runs = 0
  const sandbox = {
    run: async () => {
      runs += 1
      return { ending: 'trap', output: new Uint8Array(), fuelUsed: 1n, memory: undefined } as const
    },
  }
  for (const one of [spec, ...['align.wasm', 'reference.txt', 'reads.txt'].map(example)])
    await content.keep(sha256(one), one)
  const jobs = new Jobs({ kinds, content, sandbox, networkId })
  const job: Job = {
    ...{ index: 0, requester: hashOf('requester'), kind: kinds.named('compute').id, rule: 'piece' },
    ...{ price: 1n, capPrice: 0n, tasks: 20, replicas: 1, maxUnits: 1, leaseEpochs: 2 },
    ...{ verifierBps: 0, settleBps: 0, deposit: 100n, specHash: sha256(spec), allowRoot: new Uint8Array(32) },
  }
  const first = batchOf(shared)
  const row = new RowsView(readBatch(first).rows).row(0)
  const evidence: Evidence = { what: 'row', first, second: new Uint8Array(), row: 0, salt, output }
  const rules = {
    kind: job.kind,
    version: 1,
    allocation: 'dealt',
    checking: 'exact',
    rate: 1_000_000,
    cap: 0,
  } as const
  const nodes = shared.states.at(-1)?.nodes ?? []
  const judge = async (
    epoch: number,
    changed: Partial<JobRecord> = {},
    node: Partial<State['nodes'][number]> = {},
  ) => {
    const record = {
      ...{ job, openSlot: 5, closedAt: NEVER, charged: 0n, done: false, cursor: 0, inFlight: 0 },
      ...{ tasks: [], openNext: [], memory: new Uint8Array(), ...changed },
    }
    const facts = {
      ...{ epoch, params: { evidenceEpochs }, kinds: [rules] },
      ...{ created: [], opened: [], closed: [] },
    }
    const state = { networkId, jobs: [record], nodes: nodes.map((one) => ({ ...one, ...node })) }
    const reports = [{ report: { verifierId: 0, evidence: [evidence] } }]
    const { work } = await jobs.judge({ state, facts, reports })
    return () => work.contradicts(job, row, evidence)
  }
  return { jobs, job, judge, runs: () => runs, content }
}

describe('evidence', () => {
  it('is judged with the spec of its job, though the job is done', async () => {
    const { judge } = await judging()
    const contradicts = await judge(3, { closedAt: 1, done: true })
    expect(contradicts()).toBe(true)
  })

  it('is judged once for an epoch, and stays judged while others are computed', async () => {
    const { judge, runs } = await judging()
    const first = await judge(0)
    const others = [await judge(1), await judge(2)]
    await judge(0)
    expect(runs()).toBe(3)
    expect([first, ...others].map((contradicts) => contradicts())).toEqual([true, true, true])
  })

  it('of a job that never opened, or that is long over, is not judged', async () => {
    const { judge, runs, content } = await judging()
    await content.letGo([], [])
    await judge(0, { openSlot: NEVER })
    await judge(evidenceEpochs + 1)
    expect(runs()).toBe(0)
  })

  it('against a node that nobody knows, or that was barred then, is not judged', async () => {
    const { judge, runs } = await judging()
    await judge(0, {}, { nodeKey: hashOf('another node') })
    await judge(0, {}, { barredUntil: 1 })
    expect(runs()).toBe(0)
    await judge(0, {}, { barredUntil: 0 })
    expect(runs()).toBe(1)
  })
})

describe('the specs of jobs', () => {
  it('are here once they were loaded, until no job needs them', async () => {
    const { jobs, job } = await judging()
    expect(() => jobs.specOf(job)).toThrow(expect.objectContaining({ code: 'spec/missing' }))
    await jobs.load([job])
    jobs.retain([job])
    expect(jobs.specOf(job)?.kind.name).toBe('compute')
    jobs.retain([])
    expect(() => jobs.specOf(job)).toThrow(expect.objectContaining({ code: 'spec/missing' }))
  })
})
