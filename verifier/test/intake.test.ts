// Intake: which rule applies to what is gossiped, and that nothing is passed on before it is on disk.
import { TOPIC_RULES } from '@piecework/network'
import {
  enrolmentCodec,
  enrolmentHash,
  joinEnrolment,
  keyFromSecret,
  readBatch,
  splitEnrolment,
  stampHash,
  toHex,
} from '@piecework/protocol'
import { MemoryDisks } from '@piecework/store'
import { describe, expect, it } from 'vitest'
import { Intake } from '../src/intake.ts'
import { Inventory } from '../src/inventory.ts'
import { bare, batchOf, hashOf, node, stranger } from './support/bare.ts'

async function listOf<T>(all: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const one of all) list.push(one)
  return list
}

async function opened(disks?: MemoryDisks) {
  const all = await bare(disks)
  const intake = new Intake(all.shared)
  await all.net.until((await all.net.epoch(0)).startsAt + 2)
  await intake.see(await all.moment())
  return { ...all, intake, work: all.shared.epochs.open(0) }
}

describe('intake', () => {
  it('takes a batch once it is on disk, and lists its head', async () => {
    const disks = new MemoryDisks()
    const { intake, shared, work } = await opened(disks)
    const signed = batchOf(shared)
    expect(await intake.judgeBatch({ bytes: signed, from: node.publicKey })).toBe('sound')
    const stored = await listOf(shared.store.batches.in(0))
    expect(stored.map((one) => toHex(one))).toEqual([toHex(signed)])
    expect(work.heads.get(toHex(node.publicKey))?.hash).toEqual(readBatch(signed).hash)
    expect(await intake.judgeBatch({ bytes: signed, from: node.publicKey })).toBe('duplicate')
  })

  it('takes nothing while the disk is full, and the same when there is room', async () => {
    const disks = new MemoryDisks()
    const { intake, shared, work } = await opened(disks)
    disks.bulk.capacity = 0
    const message = { bytes: batchOf(shared), from: node.publicKey }
    expect(await intake.judgeBatch(message)).toBe('busy')
    expect(work.heads.size).toBe(0)
    disks.bulk.capacity = Number.POSITIVE_INFINITY
    expect(await intake.judgeBatch(message)).toBe('sound')
    expect(work.heads.size).toBe(1)
  })

  it('takes the work of an epoch that has begun before the one before it is sealed', async () => {
    const { intake, shared, net, moment } = await opened()
    const message = { bytes: batchOf(shared, { epoch: 1 }), from: node.publicKey }
    expect(await intake.judgeBatch(message)).toBe('too-early')
    await net.until((await net.epoch(0)).endsAt + 1)
    await intake.see(await moment())
    expect((await net.state()).nextSeal).toBe(0)
    expect(await intake.judgeBatch(message)).toBe('sound')
    expect(shared.epochs.get(1)?.heads.size).toBe(1)
  })

  it('names the rule of everything else', async () => {
    const { intake, shared } = await opened()
    const ruleOf = (bytes: Uint8Array) => intake.judgeBatch({ bytes, from: node.publicKey })
    expect(await ruleOf(Uint8Array.of(1))).toBe('malformed')
    expect(await ruleOf(batchOf(shared, { networkId: hashOf('another') }))).toBe('wrong-network')
    expect(await ruleOf(batchOf(shared, { epoch: 7 }))).toBe('too-early')
    expect(await ruleOf(batchOf(shared, {}, stranger))).toBe('unknown-node')
    expect(await ruleOf(batchOf(shared, { seq: 600 }))).toBe('too-many')
    expect(await ruleOf(batchOf(shared, { seq: 40 }))).toBe('too-far-ahead')
    expect(await ruleOf(batchOf(shared, { prev: hashOf('nothing') }))).toBe('broken-chain')
    const forged = batchOf(shared).with(0, 1)
    expect(TOPIC_RULES[await ruleOf(forged)].verdict).toBe('reject')
    expect(await ruleOf(batchOf(shared, { seq: 2, prev: hashOf('one') }))).toBe('waiting')
  })

  it('keeps two batches for one place as evidence, on disk', async () => {
    const disks = new MemoryDisks()
    const { intake, shared, work } = await opened(disks)
    const ruleOf = (bytes: Uint8Array) => intake.judgeBatch({ bytes, from: node.publicKey })
    await ruleOf(batchOf(shared))
    const row = { job: 1, task: 1, units: 1, at: 1, commit: hashOf('commit') }
    expect(await ruleOf(batchOf(shared, { rows: [row] }))).toBe('equivocation')
    expect(work.evidence).toHaveLength(1)
    expect(await listOf(shared.store.evidence.since(0))).toHaveLength(1)
    expect(await ruleOf(batchOf(shared, { rows: [{ ...row, at: 2 }] }))).toBe('already-failed')
    await shared.store.close()
    const again = await opened(disks)
    await again.intake.see(await again.moment())
    expect(again.work.evidence).toEqual(work.evidence)
    expect([...again.work.batches.keys()].sort()).toEqual([...work.batches.keys()].sort())
  })

  it.each(['in the next slot', 'when one of the two comes again'])(
    'writes evidence that a full disk did not take %s',
    async (when) => {
      const disks = new MemoryDisks()
      const { intake, shared, work, moment } = await opened(disks)
      const ruleOf = (bytes: Uint8Array) => intake.judgeBatch({ bytes, from: node.publicKey })
      await ruleOf(batchOf(shared))
      disks.kept.capacity = 0
      const second = batchOf(shared, {
        rows: [{ job: 1, task: 1, units: 1, at: 1, commit: hashOf('commit') }],
      })
      expect(await ruleOf(second)).toBe('busy')
      await intake.see(await moment())
      expect(work.evidence).toEqual([])
      disks.kept.capacity = Number.POSITIVE_INFINITY
      if (when === 'in the next slot') await intake.see(await moment())
      else expect(await ruleOf(second)).toBe('equivocation')
      expect(work.evidence).toHaveLength(1)
      expect(await listOf(shared.store.evidence.since(0))).toHaveLength(1)
      expect(await ruleOf(second)).toBe('already-failed')
    },
  )
})

describe('after a restart', () => {
  const row = (at: number) => ({ job: 1, task: 1, units: 1, at, commit: hashOf('commit') })

  async function left(disks: MemoryDisks, seqs: number) {
    const { intake, shared } = await opened(disks)
    const signed: Uint8Array[] = []
    for (let seq = 0; seq < seqs; seq++) {
      const before = signed.at(-1)
      const prev = before === undefined ? {} : { prev: readBatch(before).hash }
      const batch = batchOf(shared, { seq, rows: [row(seq)], ...prev })
      expect(await intake.judgeBatch({ bytes: batch, from: node.publicKey })).toBe('sound')
      signed.push(batch)
    }
    await shared.store.close()
    return signed
  }

  it('shows nobody half an epoch: one that could not be read is read again', async () => {
    const disks = new MemoryDisks()
    await left(disks, 3)
    const { net, moment, shared } = await bare(disks)
    let [failures, read] = [1, 0]
    const batches = {
      ...shared.store.batches,
      async *in(epoch: number) {
        for await (const signed of shared.store.batches.in(epoch)) {
          expect(shared.epochs.all()).toEqual([])
          yield signed
          read++
          if (failures-- > 0) throw new Error('the disk is ill')
        }
      },
    }
    const intake = new Intake({ ...shared, store: { ...shared.store, batches } })
    await net.until((await net.epoch(0)).startsAt + 2)
    await expect(intake.see(await moment())).rejects.toThrow('ill')
    expect([read, shared.epochs.all().length]).toEqual([1, 0])
    await intake.see(await moment())
    expect(shared.epochs.get(0)?.heads.get(toHex(node.publicKey))?.seq).toBe(2)
  })

  it('goes on without a damaged batch, and takes the rest when it comes again', async () => {
    const disks = new MemoryDisks()
    const signed = await left(disks, 3)
    const second = signed[1] ?? new Uint8Array()
    const to = Uint8Array.of(0xff)
    for (const { key, value } of await disks.bulk.page({ from: new Uint8Array(), to })) {
      if (Buffer.from(value).includes(Buffer.from(second)))
        await disks.bulk.write([{ key, value: value.with(-1, (value.at(-1) ?? 0) ^ 1) }])
    }
    const { intake, work, shared } = await opened(disks)
    const seqOf = () => work.heads.get(toHex(node.publicKey))?.seq
    expect([seqOf(), shared.store.counters().bulk.skipped]).toEqual([0, 1])
    expect(await intake.judgeBatch({ bytes: second, from: node.publicKey })).toBe('sound')
    expect(seqOf()).toBe(2)
    expect(await listOf(shared.store.batches.in(0))).toHaveLength(3)
  })
})

describe('enrolments', () => {
  /** Signed by the node alone, as renewals are. */
  function enrolmentOf(networkId: Uint8Array, stamp: bigint): Uint8Array {
    const keys = { nodeKey: stranger.publicKey, wallet: new Uint8Array(32) }
    const terms = { kinds: [], attributes: [], minAmount: 0n, maxFee: 0n, expiresAtEpoch: 9 }
    const message = enrolmentCodec.encode({ networkId, ...keys, ...terms, nonce: 1n, stamp })
    const nodeSignature = stranger.sign(enrolmentHash(networkId, message))
    return joinEnrolment({ nodeSignature, walletSignature: undefined, message })
  }

  it('with the best stamps wait where there is no room for all', async () => {
    const all = await bare(undefined, { maxEnrolments: 1, stampBits: 1 })
    const intake = new Intake(all.shared)
    intake.start()
    await intake.see(await all.moment())
    const peer = all.networks.join(stranger.publicKey)
    await peer.start()
    const { networkId } = all.shared
    const signed = Array.from({ length: 100 }, (_, stamp) => enrolmentOf(networkId, BigInt(stamp)))
    const stampOf = (bytes: Uint8Array) => toHex(stampHash(networkId, splitEnrolment(bytes).message))
    const sound = signed.filter((bytes) => stampOf(bytes) < '8')
    for (const bytes of signed) await peer.publish('enrolments', bytes)
    expect([...intake.waiting().values()].map(stampOf).sort()).toEqual(sound.map(stampOf).sort().slice(0, 16))
  })
})

describe('an inventory', () => {
  it('is made when intake ends, and is the same after a power cut', async () => {
    const disks = new MemoryDisks()
    const { intake, shared, net, moment, work } = await opened(disks)
    await intake.judgeBatch({
      bytes: batchOf(shared),
      from: keyFromSecret(hashOf('who passed it on')).publicKey,
    })
    const inventory = new Inventory({ ...shared, waiting: () => intake.waiting() })
    const { endsAt, grace } = await net.epoch(0)
    await inventory.see(await moment(endsAt + grace - 1))
    expect(work.inventory).toBeUndefined()
    await inventory.see(await moment(endsAt + grace))
    const root = work.inventory?.root ?? new Uint8Array()
    await expect(
      shared.guard.permitted({ what: 'inventory', epoch: 0, key: shared.voteKey, at: 0 }),
    ).resolves.toEqual(root)
    expect(await intake.judgeBatch({ bytes: batchOf(shared, { seq: 1 }), from: node.publicKey })).toBe(
      'too-old',
    )
    shared.offers.see(await moment(endsAt + grace))
    expect(shared.offers.list()).toEqual([{ what: 'inventory', epoch: 0, value: root }])

    shared.epochs.drop(0)
    const again = shared.epochs.open(0)
    await new Inventory({ ...shared, waiting: () => new Map() }).see(await moment(endsAt + grace + 1))
    expect(again.inventory?.root).toEqual(root)
  })
})
