import { bytesOf } from '@piecework/chain'
import { afterEach, describe, expect, it } from 'vitest'
import { World } from './support/world.ts'

let world: World
afterEach(() => world.stop())

describe('a round', () => {
  it('ends when nobody proposes, and the next one begins', async () => {
    world = await World.begin({ verifiers: 4 })
    const { settler } = await world.settle('one')
    for (const verifier of world.verifiers) verifier.proposes = false
    await world.until(() => settler.status().done.rounds === 2)
    for (const verifier of world.verifiers) verifier.proposes = true
    await world.untilFinal(0)
    expect(settler.status().done).toMatchObject({ finals: 1, proposals: 1 })
  })

  it('is not cut off when it is about to succeed, however slow all are', async () => {
    world = await World.begin({ verifiers: 4 })
    const { settler } = await world.settle('one')
    for (const verifier of world.verifiers) {
      verifier.proposesAfter = 3
      verifier.votesAfter = 1
    }
    await world.untilFinal(1)
    expect(settler.status().done).toMatchObject({ finals: 2, rounds: 0, proposals: 2 })
  })

  it('is not waited for longer than it was to take', async () => {
    world = await World.begin({ verifiers: 4 })
    const { settler } = await world.settle('one')
    for (const verifier of world.verifiers) verifier.votesAfter = 100
    await world.until(() => settler.status().done.rounds === 2)
    const settling = (await world.epochs()).find(({ number }) => number === 0)
    const { sealedSlot, challenge, commit, reveal, roundSlots, roundFrom } =
      settling ?? (await world.network.epoch(0))
    const first = sealedSlot + challenge + commit + reveal
    expect(roundFrom - first).toBeLessThanOrEqual(2 * (2 * roundSlots + 1))
  })
})

describe('a verifier in the same process', () => {
  it('is asked without the network', async () => {
    world = await World.begin({ verifiers: 3 })
    const [own] = world.verifiers
    if (own === undefined) throw new Error('there are three')
    const { network } = await world.settle(
      'one',
      {},
      {
        voteKey: world.network.voteKey(0),
        offers: (question) => own.offers(question),
        cosign: (question) => own.cosign(question),
      },
    )
    world.networks.cut(network.self, bytesOf(world.network.voteKey(0)))
    await world.untilFinal(0)
    expect(world.settlers[0]?.settler.status().done).toMatchObject({ inventories: 3, commits: 3, finals: 1 })
  })
})
