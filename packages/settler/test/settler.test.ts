import { bytesOf, inMask, readJobs } from '@piecework/chain'
import { toHex } from '@piecework/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { World } from './support/world.ts'

let world: World
afterEach(() => world.stop())

describe('a settler', () => {
  it('takes a network of ten through epochs of the local preset, at their pace, in their first rounds', async () => {
    world = await World.begin({ verifiers: 10 })
    const { settler, log } = await world.settle('one')
    await world.untilFinal(2)
    const posted = { inventories: 30, commits: 30, proposals: 3, votes: 30 }
    expect(settler.status()).toMatchObject({
      done: { ...posted, finals: 3, seals: 3, rounds: 0, drops: 0 },
      refusals: {},
      already: 0,
      lastFinal: 2,
      warning: null,
    })
    // Final slots: as soon as the rules allow, with a slot until each thing done can be seen.
    const slots = log.events('landed').filter(({ fields }) => fields['what'] === 'finals')
    const [first, second, third] = slots.map(({ fields }) => Number(fields['slot']))
    expect([Number(second) - Number(first), Number(third) - Number(second)]).toEqual([30, 30])
  })

  it('names itself to the verifiers, whose proposals then pay it', async () => {
    world = await World.begin({ verifiers: 4 })
    const { wallet } = await world.settle('one')
    await world.untilFinal(0)
    for (const { settlers } of world.verifiers) {
      expect([...settlers]).toEqual([toHex(bytesOf(wallet.address))])
    }
  })

  it('sends as many in one transaction as fit: seven posts, ten votes', async () => {
    world = await World.begin({ verifiers: 10 })
    const { log } = await world.settle('one')
    await world.untilFinal(0)
    const sizes = (what: string): readonly number[] =>
      log
        .events('landed')
        .filter(({ fields }) => fields['what'] === what)
        .map(({ fields }) => (Array.isArray(fields['keys']) ? fields['keys'].length : 0))
    expect([sizes('inventories'), sizes('commits'), sizes('votes')]).toEqual([[7, 3], [7, 3], [10]])
  })

  it('asks nobody while nothing can be posted, but for jobs now and then', async () => {
    world = await World.begin({ verifiers: 3, params: { length: 300 } })
    await world.settle('one')
    const [verifier] = world.verifiers
    const before = verifier?.asked ?? 0
    await world.slots(100)
    const asked = (verifier?.asked ?? 0) - before
    expect(asked).toBeGreaterThanOrEqual(20)
    expect(asked).toBeLessThanOrEqual(21)
  })

  it('opens a job that verifiers hold, within seconds', async () => {
    world = await World.begin({ verifiers: 4, params: { length: 300 } })
    await world.settle('one')
    await world.network.does([world.network.job(1n)])
    const job = world.chain.at.job(world.network.payer.address, 1n)
    for (const verifier of world.verifiers) verifier.holds.push(job)
    await world.until(async () => ((await readJobs(world.chain)).value[0]?.openSlot ?? 0) > 0, 10)
    await world.slots(20)
    const { done, refusals } = world.settlers[0]?.settler.status() ?? {}
    expect(done).toMatchObject({ holdings: 4 })
    expect(refusals).toEqual({})
  })

  it('takes nothing for a job that is none', async () => {
    world = await World.begin({ verifiers: 4, params: { length: 300 } })
    const { settler } = await world.settle('one')
    for (const verifier of world.verifiers)
      verifier.holds.push(world.chain.at.roster, world.chain.at.job(world.network.payer.address, 9n))
    await world.slots(20)
    expect(settler.status()).toMatchObject({ done: { holdings: 0 }, refusals: {} })
  })

  it('stops when it is told to, twice too, and does nothing more', async () => {
    world = await World.begin({ verifiers: 4 })
    const { settler } = await world.settle('one')
    await world.slots(5)
    await Promise.all([settler.stop(), settler.stop()])
    const { slot } = settler.status()
    await world.slots(60)
    expect(settler.status()).toMatchObject({ slot, done: { inventories: 0 } })
  })
})

describe('a verifier that does not answer', () => {
  it('holds up nobody: the others settle in the first round', async () => {
    world = await World.begin({ verifiers: 10 })
    const { settler } = await world.settle('one')
    const deaf = world.verifiers[4]
    if (deaf !== undefined) deaf.manner = 'deaf'
    await world.untilFinal(3)
    const { done } = settler.status()
    expect(done).toMatchObject({ inventories: 36, commits: 36, finals: 4 })
    expect(await posted(4)).toBe(false)
  })

  it('costs a batch when it does not sign what it wanted, and the others go on without it', async () => {
    world = await World.begin({ verifiers: 10 })
    const { settler, log } = await world.settle('one')
    const lazy = world.verifiers[2]
    if (lazy !== undefined) lazy.manner = 'lazy'
    await world.untilFinal(2)
    const { done, refusals } = settler.status()
    expect(done).toMatchObject({ inventories: 27, commits: 27, finals: 3 })
    expect(refusals['signer/refused']).toBeGreaterThan(0)
    expect(log.events('not-signed')[0]?.fields['signer']).toBe(world.network.voteKey(2))
  })

  it('is left out when it signs something else', async () => {
    world = await World.begin({ verifiers: 4 })
    const { settler } = await world.settle('one')
    const forging = world.verifiers[1]
    if (forging !== undefined) forging.manner = 'forging'
    await world.untilFinal(2)
    const { done, refusals } = settler.status()
    expect(done.finals).toBe(3)
    expect(await posted(1)).toBe(false)
    expect(refusals['signer/wrong-signature']).toBeGreaterThan(0)
  })

  it('is asked again when it is back', async () => {
    world = await World.begin({ verifiers: 4 })
    await world.settle('one')
    const away = world.verifiers[3]
    if (away === undefined) throw new Error('there are four')
    away.manner = 'deaf'
    await world.untilFinal(0)
    away.manner = 'willing'
    // What it did not answer runs out of time, as it does on a real network.
    world.networks.runOutOfTime()
    await world.untilFinal(2)
    expect(await posted(3)).toBe(true)
  })

  /** Whether a verifier's inventory is in the newest epoch that was sealed. */
  async function posted(id: number): Promise<boolean> {
    const sealed = (await world.epochs()).findLast(({ state }) => state === 'sealed' || state === 'final')
    const place = sealed?.seats.findIndex((seat) => seat.id === id) ?? -1
    return inMask(sealed?.inventoryMask ?? 0n, place)
  }
})

describe('two settlers', () => {
  it('do no harm to each other, and seldom the same twice', async () => {
    world = await World.begin({ verifiers: 10 })
    const [one, two] = [await world.settle('one'), await world.settle('two')]
    await world.untilFinal(5)
    const sum = (deed: 'seals' | 'finals' | 'inventories' | 'commits' | 'votes'): number =>
      one.settler.status().done[deed] + two.settler.status().done[deed]
    expect([sum('seals'), sum('finals')]).toEqual([6, 6])
    expect([sum('inventories'), sum('commits')]).toEqual([60, 60])
    const others = [one, two].flatMap(({ log }) =>
      log.lines.filter(({ level }) => level === 'warn' || level === 'error'),
    )
    expect(others).toEqual([])
    expect(one.settler.status().already + two.settler.status().already).toBeGreaterThan(0)
  })

  it('go on when one is gone', async () => {
    world = await World.begin({ verifiers: 4 })
    const [one, two] = [await world.settle('one'), await world.settle('two')]
    await world.untilFinal(1)
    await one.settler.stop()
    await world.untilFinal(3)
    expect(two.settler.status().done.finals).toBeGreaterThanOrEqual(2)
  })
})
