// Deal: what a node is told of its part.
import { genesisState, kindsCodec } from '@piecework/protocol'
import { loadKinds } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../src/common/hashes.ts'
import { Jobs } from '../src/common/jobs.ts'
import { Nodes } from '../src/common/nodes.ts'
import { States } from '../src/common/states.ts'
import { Dealing } from '../src/deal.ts'
import { bare, hashOf, node, stranger } from './support/bare.ts'
import { example } from './support/scene.ts'

const TRIAL_ROWS = 5
const spec = example('job.json')

/** A network with one node, which can do the kind of the job that is posted. */
async function dealing() {
  const kinds = await loadKinds([], (name) => import(name))
  const { id, version, allocation, checking, rate } = kinds.named('compute')
  const rules = [{ kind: id, version, allocation, checking, rate, cap: 0 }]
  const bytes = kindsCodec.encode(rules)
  const all = await bare(undefined, { kindsHash: sha256(bytes), trialRows: TRIAL_ROWS })
  const { net, shared, moment } = all
  const { content, sandbox, networkId } = shared
  for (const one of [bytes, spec]) await content.keep(sha256(one), one)
  const listed = { nodeKey: node.publicKey, wallet: hashOf('wallet'), attributes: [] }
  const terms = { expiresAtEpoch: 100, vouched: 0n, minAmount: 0n, maxFee: 0n }
  const able = { ...listed, ...terms, kinds: [{ kind: id, capacity: 100 }] }
  const [states, nodes] = [new States(), new Nodes()]
  const state = genesisState({ networkId, nodes: [able], kinds: rules, trialRows: TRIAL_ROWS })
  states.add(state)
  nodes.see(state)
  const jobs = new Jobs({ kinds, content, sandbox, networkId })
  const deal = new Dealing({ ...shared, states, nodes, jobs })
  await net.until((await net.epoch(0)).startsAt + 1)
  const post = async (): Promise<void> => {
    const terms = { price: 100n, deposit: 100_000n, tasks: 20, maxUnits: 1, workKind: id }
    await net.does([net.job(1n, { specHash: sha256(spec), ...terms })])
  }
  const open = (): Promise<string> => net.does([net.holding(1n, 0, 1, 2)])
  return { ...all, deal, post, open, see: async () => deal.see(await moment()) }
}

describe('a deal', () => {
  it('gives a newcomer a few rows of a job, as soon as it is open', async () => {
    const { deal, post, open, see } = await dealing()
    await see()
    expect(await deal.work({ epoch: 0, nodeKey: node.publicKey })).toEqual({ node: 0, tasks: [] })
    await post()
    await see()
    expect(deal.jobs).toHaveLength(1)
    expect(await deal.work({ epoch: 0, nodeKey: node.publicKey })).toEqual({ node: 0, tasks: [] })
    await open()
    await see()
    const { tasks } = await deal.work({ epoch: 0, nodeKey: node.publicKey })
    expect(tasks).toEqual(Array.from({ length: TRIAL_ROWS }, (_, task) => ({ job: 0, task })))
  })

  it('is computed once for what the chain says', async () => {
    const { post, open, see } = await dealing()
    await post()
    await open()
    expect([await see(), await see()]).toEqual([undefined, 'rested'])
  })

  it('has no part for whom it does not know, and is refused for an epoch that has not begun', async () => {
    const { deal, see } = await dealing()
    await see()
    expect(await deal.work({ epoch: 0, nodeKey: stranger.publicKey })).toEqual({ node: undefined, tasks: [] })
    await expect(deal.work({ epoch: 1, nodeKey: node.publicKey })).rejects.toThrow('is not known here')
  })
})
