// Hold: a job is said to be held when its spec, all that it names and its allow list are here, and not before.
import { bytesOf, type FoundJob } from '@piecework/chain'
import { type Job, type JobRecord, NEVER, ZERO_HASH } from '@piecework/protocol'
import { MemoryDisks } from '@piecework/store'
import { localParams } from '@piecework/testkit/settlement'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../src/common/hashes.ts'
import { CONTENT_QUOTA } from './support/bare.ts'
import { allowRoot, type Holding, holding, inputs, rules, spec, wallets } from './support/holding.ts'

const { evidenceEpochs: EVIDENCE_EPOCHS } = localParams()

const RECORD = {
  ...{ openSlot: 5, closedAt: NEVER, charged: 0n, done: false, cursor: 0, inFlight: 0 },
  ...{ tasks: [], openNext: [], memory: new Uint8Array() },
}

/** As the state has it. */
function factOf(found: FoundJob | undefined): Job {
  if (found === undefined) throw new Error('there is no job on chain')
  const { requester, workKind, ...job } = found
  return { ...job, requester: bytesOf(requester), kind: workKind }
}

describe('a job with an allow list', () => {
  it('is held when the list is here too', async () => {
    const { hold, job, wantedAfter } = await holding()
    for (const bytes of [spec, ...inputs])
      expect(await hold.upload({ job, bytes })).toMatchObject({ complete: false })
    expect(await wantedAfter(0)).toEqual([])
    expect(await hold.upload({ job, bytes: wallets })).toEqual({ hash: allowRoot, complete: true })
    expect(await wantedAfter(1)).toEqual([{ what: 'holding', epoch: 0, job }])
  })

  it('takes no list but its own', async () => {
    const { hold, job } = await holding()
    await hold.upload({ job, bytes: spec })
    await expect(hold.upload({ job, bytes: wallets.slice(32) })).rejects.toThrow(
      'the job needs no such bytes',
    )
  })
})

describe('what the content of jobs takes', () => {
  const usual = [spec, ...inputs, wallets].reduce((sum, { length }) => sum + length, 0)

  it('is bounded for each job', async () => {
    const { hold, job } = await holding({ most: usual - 1 })
    for (const bytes of [spec, ...inputs]) await hold.upload({ job, bytes })
    await expect(hold.upload({ job, bytes: wallets })).rejects.toThrow(
      `the content of one job may have ${usual - 1} bytes`,
    )
  })

  it('is bounded for what others bring too, which is not asked for in every slot then', async () => {
    const { serve, wantedAfter, shared } = await holding({ most: spec.length })
    const asked = await serve()
    for (const slots of [0, 5, 10, 11, 16]) expect(await wantedAfter(slots)).toEqual([])
    expect((await shared.store.content.used()).items).toBe(1)
    expect(asked()).toBe(2)
  })

  it('takes no place from what an epoch needs', async () => {
    const { hold, job, shared, fill } = await holding()
    await fill()
    await expect(hold.upload({ job, bytes: spec })).rejects.toThrow('there is no room here')
    const bytes = new Uint8Array(CONTENT_QUOTA).fill(7)
    await shared.duties.keep(0, [{ name: 'inventory', bytes }])
    expect((await shared.duties.find(0, 'inventory'))?.length).toBe(CONTENT_QUOTA)
  })

  it('is worked with, but not kept, where there is no room for it', async () => {
    const { shared, serve, fill } = await holding()
    await fill()
    await serve()
    expect(await shared.content.get(sha256(spec))).toEqual(spec)
    expect(await shared.content.has(sha256(spec))).toBe(false)
  })

  it('stays while newer content comes, once the job is held', async () => {
    const { hold, job, shared, wantedAfter } = await holding()
    for (const bytes of [spec, ...inputs, wallets]) await hold.upload({ job, bytes })
    expect(await wantedAfter(0)).toHaveLength(1)
    const newer = new Uint8Array(CONTENT_QUOTA - usual).fill(1)
    expect(await shared.content.put(sha256(newer), newer)).toBe(true)
    const more = new Uint8Array(usual).fill(2)
    expect(await shared.content.put(sha256(more), more)).toBe(true)
    for (const bytes of [spec, ...inputs]) expect(await shared.content.has(sha256(bytes))).toBe(true)
    expect(await shared.content.has(sha256(newer))).toBe(false)
  })
})

describe('content that no job needs any more', () => {
  const closedAt = 40

  interface Finished extends Holding {
    /** Whether the spec is here when the job stands so in the state of an epoch. */
    readonly at: (epoch: number, changed: Partial<JobRecord>, isOnChain: boolean) => Promise<boolean>
    /** The last epoch in which evidence of its rows counts. */
    readonly last: number
  }

  async function finished(disks = new MemoryDisks()): Promise<Finished> {
    const all = await holding({ disks })
    const { hold, job, found, shared, wantedAfter } = all
    for (const bytes of [spec, ...inputs, wallets]) await hold.upload({ job, bytes })
    await shared.content.keep(sha256(rules), rules)
    await wantedAfter(0)
    const record = { ...RECORD, job: factOf(found[0]) }
    const at: Finished['at'] = async (epoch, changed, isOnChain) => {
      const before = shared.states.newest
      if (before === undefined) throw new Error('there is no state')
      shared.states.add({ ...before, epoch, jobs: [{ ...record, ...changed }] })
      if (!isOnChain) found.length = 0
      await wantedAfter(1)
      return shared.content.has(sha256(spec))
    }
    const last = closedAt + record.job.leaseEpochs + EVIDENCE_EPOCHS
    return { ...all, at, last }
  }

  it('stays while evidence against rows of the job counts, and goes then', async () => {
    const { at, last, shared } = await finished()
    expect(await at(0, {}, true)).toBe(true)
    for (const epoch of [closedAt, last]) expect(await at(epoch, { closedAt, done: true }, false)).toBe(true)
    expect(await at(last + 1, { closedAt, done: true }, false)).toBe(false)
    expect(await shared.content.has(allowRoot)).toBe(false)
    expect(await shared.content.has(sha256(rules))).toBe(true)
    expect((await shared.store.content.used()).items).toBe(1)
  })

  it('goes at once when the job never opened', async () => {
    const { at } = await finished()
    expect(await at(3, { openSlot: NEVER, closedAt: NEVER, done: false }, true)).toBe(true)
    expect(await at(4, { openSlot: NEVER, closedAt: 4, done: true }, false)).toBe(false)
  })

  it('goes at the next start when the job ended while the verifier was away', async () => {
    const disks = new MemoryDisks()
    await (await finished(disks)).shared.store.close()
    const again = await holding({ disks })
    again.found.length = 0
    await again.wantedAfter(0)
    expect(await again.shared.content.has(sha256(spec))).toBe(false)
  })

  it('stays where another job has it too', async () => {
    const { found, shared, wantedAfter } = await finished()
    const state = shared.states.newest
    const [first] = found
    if (state === undefined || first === undefined) throw new Error('there is no job')
    const ended = { ...RECORD, job: factOf(first), closedAt: 1, done: true }
    found[0] = { ...first, index: 1, allowRoot: ZERO_HASH }
    shared.states.add({ ...state, epoch: 500, jobs: [ended] })
    await wantedAfter(1)
    for (const bytes of [spec, ...inputs]) expect(await shared.content.has(sha256(bytes))).toBe(true)
    expect(await shared.content.has(allowRoot)).toBe(false)
  })
})
