// What a verifier does at the moments of an epoch: with jobs, nodes and stops that go wrong.
import { type FoundJob, paramsOf, readJobs, startOf } from '@piecework/chain'
import type { TakeLink } from '@piecework/network'
import { type GenesisNode, genesisState, keyFromSecret } from '@piecework/protocol'
import { echo, Kinds, loadKinds, writeJobSpec } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { Jobs } from '../src/common/jobs.ts'
import type { Measured } from '../src/common/measured.ts'
import { States } from '../src/common/states.ts'
import { Measure } from '../src/measure.ts'
import { bare } from './support/bare.ts'
import { Lines } from './support/lines.ts'
import { hashOf } from './support/scene.ts'

const bandwidth = (await loadKinds([], (name) => import(name))).named('bandwidth')
const kinds = new Kinds([bandwidth])
const BYTES = 65_536
const keys = ['one', 'another'].map((name) => keyFromSecret(hashOf(name)).publicKey)

interface Setting {
  readonly nodes: number
  readonly moments: number
  readonly bytesPerMs?: number
  /** What nodes do with links; is told how to stop measuring. */
  readonly take?: (stop: () => void) => TakeLink
  readonly withJobBefore?: boolean
}

/** All that was found in the first epoch. */
async function measuredIn({
  nodes: count,
  moments,
  bytesPerMs = Infinity,
  take = () => async (link) => void (await echo(link).catch(() => undefined)),
  withJobBefore = false,
}: Setting): Promise<{ readonly found: readonly Measured[]; readonly left: number }> {
  const { net, chain, networks, shared, moment } = await bare()
  const nodes = keys.slice(0, count)
  const work = { bytes: BYTES, megabits: 8, latencyMs: 1_000, moments }
  const spec = writeJobSpec({ kind: 'bandwidth', title: 'A link', work })
  await shared.content.put(hashOf(spec), spec)
  const hashes = withJobBefore ? [hashOf('nobody has it'), hashOf(spec)] : [hashOf(spec)]
  const jobOf = (specHash: Uint8Array, i: number) =>
    net.job(BigInt(i + 1), { specHash, workKind: bandwidth.id, maxUnits: 1 })
  for (const [i, hash] of hashes.entries()) await net.does([jobOf(hash, i)])
  const onChain = (await readJobs(chain)).value.map(
    (job): FoundJob => ({ ...job, openSlot: job.createdSlot }),
  )
  const states = new States()
  const listed = nodes.map((nodeKey): GenesisNode => {
    const able = { kinds: [{ kind: bandwidth.id, capacity: 1 }], attributes: [] }
    return {
      nodeKey,
      wallet: hashOf('wallet'),
      expiresAtEpoch: 100,
      vouched: 0n,
      minAmount: 0n,
      maxFee: 0n,
      ...able,
    }
  })
  states.add(genesisState({ networkId: shared.networkId, nodes: listed, kinds: [], trialRows: 5 }))
  const network = networks.join(hashOf('the checker'))
  await network.start()
  const log = new Lines()
  const measure: Measure = new Measure({
    ...{ ...shared, network, log, kinds, states, measureBytes: 100_000_000 },
    jobs: new Jobs({ ...shared, kinds }),
    onChain: () => onChain,
    stopwatch: () => network.linkMs,
  })
  for (const key of nodes) {
    const member = networks.join(key)
    member.shape = { ...member.shape, bytesPerMs }
    await member.start()
    member.takeLinks(take(() => measure.stop()))
  }
  const { state } = await moment()
  const from = startOf(state.network, 0) ?? 0
  await measure.see({ state, slot: from })
  await measure.see({ state, slot: from + paramsOf(state.network, 0).length - 1 })
  return { found: await shared.measured.of(0), left: log.count('job-not-measured') }
}

describe('measuring', () => {
  it('leaves out a job whose spec is nowhere, and measures for the others', async () => {
    const { found, left } = await measuredIn({ nodes: 1, moments: 3, withJobBefore: true })
    expect(found.map(({ job, moment, score }) => ({ job, moment, score }))).toEqual(
      [0, 1, 2].map((moment) => ({ job: 1, moment, score: 1_000_000 })),
    )
    expect(left).toBeGreaterThan(0)
  })

  it('has kept what it found when it is stopped, and nothing of what was under way', async () => {
    let taken = 0
    const take = (stop: () => void): TakeLink => {
      return async (link) => {
        taken++
        if (taken === 2) stop()
        await echo(link).catch(() => undefined)
      }
    }
    const { found } = await measuredIn({ nodes: 1, moments: 3, take })
    expect(found.map(({ moment }) => moment)).toEqual([0])
    expect(taken).toBe(2)
  })

  it('has for each no more than its share of the epoch, when there are many', async () => {
    // Each takes a second; the epoch lasts twelve.
    const slow = { bytesPerMs: BYTES / 1_000, moments: 8 }
    const alone = await measuredIn({ ...slow, nodes: 1 })
    expect(alone.found.map(({ score }) => score > 0)).toEqual(Array(8).fill(true))
    const two = await measuredIn({ ...slow, nodes: 2 })
    expect(two.found.map(({ score }) => score)).toEqual(Array(16).fill(0))
  })
})
