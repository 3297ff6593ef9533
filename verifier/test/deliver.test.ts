// Deliver: what is kept of what nodes hand over. And what is kept by name and by hash.
import { protocols } from '@piecework/network'
import { type Due, keyFromSecret, readBatch } from '@piecework/protocol'
import { MemoryDisks } from '@piecework/store'
import { describe, expect, it } from 'vitest'
import type { Draw, StintCheck } from '../src/common/epoch-work.ts'
import { Deliver } from '../src/deliver.ts'
import { proposalCodec } from '../src/proposal.ts'
import { bare, batchOf, hashOf, node, output, salt, stranger } from './support/bare.ts'

async function drawn(disks?: MemoryDisks) {
  const all = await bare(disks)
  const { shared, networks } = all
  const batch = readBatch(batchOf(shared))
  // Deliveries look at nothing else of what is due.
  const due = { stint: { epoch: 0, node: 0 } } as Due
  const held = [new Set<number>()]
  const check: StintCheck = {
    due,
    nodeKey: node.publicKey,
    seed: hashOf('seed'),
    batches: [batch],
    drawn: [new Set([0])],
    held,
    verdicts: new Map(),
  }
  shared.epochs.open(0).draw = { mine: new Map([['0 0', check]]) } as Partial<Draw> as Draw
  let woken = 0
  const deliver = new Deliver({ ...shared, pass: () => void woken++ })
  deliver.start()
  const from = networks.join(node.publicKey)
  await from.start()
  const ask = (changed: object, network = from) =>
    network.ask(
      protocols.deliver,
      { epoch: 0, nodeKey: node.publicKey, openings: [{ seq: 0, row: 0, salt, output, ...changed }] },
      shared.voteKey,
    )
  return { ...all, ask, from, batch, held, woken: () => woken }
}

describe('deliver', () => {
  it('keeps what opens a row, on disk, and says so again', async () => {
    const { ask, shared, held, batch, woken } = await drawn()
    const before = shared.store.counters()
    expect(await ask({})).toEqual({ kept: 1 })
    expect(await ask({})).toEqual({ kept: 1 })
    expect([held[0]?.size, woken()]).toEqual([1, 2])
    const commit = batch.rows.slice(16, 48)
    const stored = await shared.openings.find({ epoch: 0, nodeKey: node.publicKey }, commit)
    expect(stored?.output).toEqual(output)
    const { kept, bulk } = shared.store.counters()
    expect([kept.transactions, bulk.transactions]).toEqual([
      before.kept.transactions,
      before.bulk.transactions + 1,
    ])
  })

  it('keeps nothing that opens no row', async () => {
    const { ask, held } = await drawn()
    for (const wrong of [
      { output: Uint8Array.of(1) },
      { salt: hashOf('salt') },
      { row: 1 },
      { row: 1023 },
      { seq: 1 },
    ])
      expect(await ask(wrong)).toEqual({ kept: 0 })
    expect(held[0]?.size).toBe(0)
  })

  it('keeps when there is room what a full disk did not take', async () => {
    const disks = new MemoryDisks()
    const { ask, held } = await drawn(disks)
    disks.bulk.capacity = 0
    await expect(ask({})).rejects.toThrow()
    expect(held[0]?.size).toBe(0)
    disks.bulk.capacity = Number.POSITIVE_INFINITY
    expect(await ask({})).toEqual({ kept: 1 })
  })

  it('asks for what is missing, and lets silent nodes take the turn of nobody', async () => {
    const { shared, networks, net, moment, from, batch } = await drawn()
    const silent = Array.from({ length: 40 }, (_, i) => keyFromSecret(hashOf(`silent ${i}`)))
    const all = await Promise.all(
      [...silent, node].map(async ({ publicKey: nodeKey }, i) => {
        const joined = nodeKey === node.publicKey ? undefined : networks.join(nodeKey)
        joined?.answer(protocols.open, () => new Promise(() => {}))
        await joined?.start()
        const due = { stint: { epoch: 0, node: i } } as Due
        const held = [new Set<number>()]
        const check = { due, nodeKey, seed: hashOf('seed'), batches: [batch], drawn: [new Set([0])], held }
        return [`0 ${i}`, { ...check, verdicts: new Map() }] as const
      }),
    )
    const mine = new Map<string, StintCheck>(all)
    shared.epochs.open(0).draw = { mine } as Partial<Draw> as Draw
    const answered = Promise.withResolvers<void>()
    const deliver = new Deliver({ ...shared, pass: () => answered.resolve() })
    const asked: string[] = []
    from.answer(protocols.open, async () => {
      asked.push('the last')
      return { openings: [{ seq: 0, row: 0, salt, output }] }
    })
    await net.until((await net.epoch(0)).endsAt)
    await net.postInventories(0)
    const sealed = await net.seal(0)
    const first = sealed.sealedSlot + Math.ceil(0.4 * sealed.challenge)
    await deliver.see(await moment(first))
    await deliver.see(await moment(first))
    expect(asked).toEqual([])
    await deliver.see(await moment(first + 1))
    await answered.promise
    expect(asked).toEqual(['the last'])
    expect(mine.get('0 40')?.held[0]?.has(0)).toBe(true)
  })

  it('takes outputs from their own node alone', async () => {
    const { ask, networks } = await drawn()
    const other = networks.join(stranger.publicKey)
    await other.start()
    await expect(ask({}, other)).rejects.toThrow('only a node itself')
  })
})

describe('what is kept', () => {
  it('is an allow list too, by its root', async () => {
    const { shared } = await bare()
    const wallet = hashOf('a wallet')
    await shared.content.keep(wallet, wallet)
    expect(await shared.content.has(wallet)).toBe(true)
    expect(await shared.content.get(wallet)).toEqual(wallet)
  })
})

describe('a proposal', () => {
  const root = { root: hashOf('root'), count: 1, total: 2n }
  const hash = hashOf('some hash')
  const attestation = {
    ...{ networkId: hash, epoch: 3, round: 1, seed: hash, factsHash: hash, inputsRoot: hash, previous: hash },
    ...{ accounts: root, jobs: root, slashes: root, nodesRoot: hash, workforceRoot: hash, stateHash: hash },
  }
  const proposal = { attestation, settler: hash, inventories: [0, 2], reveals: [1], others: [] }

  it('has one encoding', () => {
    const bytes = proposalCodec.encode(proposal)
    expect(proposalCodec.decode(bytes)).toEqual(proposal)
  })

  it('lists nobody twice, and is refused when it is cut short or longer', () => {
    expect(() => proposalCodec.encode({ ...proposal, reveals: [1, 1] })).toThrow('ascending')
    const bytes = proposalCodec.encode(proposal)
    for (const wrong of [bytes.slice(1), bytes.slice(0, -1), Uint8Array.of(...bytes, 0), new Uint8Array()])
      expect(() => proposalCodec.decode(wrong)).toThrow(expect.objectContaining({ code: 'bytes/malformed' }))
  })
})
