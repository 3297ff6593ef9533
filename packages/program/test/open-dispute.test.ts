import { describe, expect, it } from 'vitest'
import { withArgs } from './support/calls.ts'
import {
  candidate,
  type Disputed,
  disputeAt,
  disputedNetwork,
  ledgerNames,
  openDisputeCall,
} from './support/disputes.ts'
import { epochOf, finalize, startedNetwork, toSealed, toVoted } from './support/epochs.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const point = { name: 'accounts', index: 1 } as const

function setup(): Disputed {
  const disputed = disputedNetwork()
  candidate(disputed, disputed.before)
  return disputed
}

describe('open_dispute', () => {
  it('keeps a leaf that is proven under the latest final root', () => {
    const disputed = setup()
    const { world, running, disputer, before } = disputed
    const { events } = world.send(openDisputeCall(disputed, point))
    const fields = {
      network: running.network.id.toBase58(),
      epoch: 1n,
      ledger: 0n,
      index: 1n,
      disputer: disputer.toBase58(),
    }
    expect(events).toEqual([{ name: 'DisputeOpened', fields }])
    const read = (path: string) => world.read('Dispute', disputeAt(disputed, point), path)
    expect(read('epoch')).toBe(1n)
    expect(read('ledger')).toBe(0n)
    expect(read('index')).toBe(1n)
    expect(read('amount')).toBe(70n)
    expect(read('owner')).toBe(before.accounts.leaves[1]?.owner.toBase58())
    expect(read('network')).toBe(running.network.id.toBase58())
  })

  it.each(ledgerNames)('is for %s, too', (name) => {
    const disputed = setup()
    const { events } = disputed.world.send(openDisputeCall(disputed, { name, index: 1 }))
    expect(events[0]?.fields['ledger']).toBe(BigInt(ledgerNames.indexOf(name)))
  })

  it('is refused without the right proof, and for a ledger that there is not', () => {
    const disputed = setup()
    const { world } = disputed
    const call = openDisputeCall(disputed, point)
    expect(world.refusal(withArgs(call, { amount: 71n }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { owner: world.key() }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { index: 2n }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { proof: [] }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { ledger: 1 }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { ledger: 3 }))).toBe('WrongLedger')
  })

  it('is once for each disputer, and for the seeds of what it disputes', () => {
    const disputed = setup()
    const { world } = disputed
    world.send(openDisputeCall(disputed, point))
    expect(world.refusal(openDisputeCall(disputed, point))).toBe('AlreadyExists')
    expect(world.refusal(openDisputeCall(disputed, { ...point, index: 2 }))).toBe('accepted')
  })

  it('wants a candidate', () => {
    const disputed = disputedNetwork()
    const { world, running } = disputed
    expect(world.refusal(openDisputeCall(disputed, point))).toBe('NotSealed')
    toSealed(running, 1n)
    expect(world.refusal(openDisputeCall(disputed, point))).toBe('NoCandidate')
  })

  it('is over when the epoch is final', () => {
    const disputed = setup()
    finalize(disputed.running, 1n)
    expect(disputed.world.refusal(openDisputeCall(disputed, point))).toBe('DisputeOver')
  })

  it('has nothing to compare with before the first root', () => {
    const world = new World()
    const running = startedNetwork(world, [1_000_000n])
    toVoted(running, 0n)
    const disputed = { ...disputedNetwork(), running, world }
    const call = openDisputeCall(disputed, point)
    const first = { ...call, accounts: { ...call.accounts, epoch: epochOf(running.network, 0n) } }
    expect(world.refusal(first)).toBe('RootNotKept')
  })

  it('refuses every account in another place', () => {
    const disputed = setup()
    const { world, running } = disputed
    const other = makeNetwork(world, { name: 2 })
    const call = openDisputeCall(disputed, point)
    const { expected, actual } = substitutions(world, call, {
      foreign: { epoch: epochOf(other, 1n) },
      elsewhere: {
        network: [other.id, 'WrongNetwork'],
        epoch: [epochOf(running.network, 2n), 'WrongEpoch'],
      },
    })
    expect(actual).toEqual(expected)
  })
})
