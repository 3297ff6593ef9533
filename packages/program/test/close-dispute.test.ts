import { describe, expect, it } from 'vitest'
import {
  candidate,
  closeDisputeCall,
  type Disputed,
  disputeAt,
  disputedNetwork,
  openDisputeCall,
} from './support/disputes.ts'
import { finalize } from './support/epochs.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'

const point = { name: 'accounts', index: 1 } as const

function setup(): Disputed {
  const disputed = disputedNetwork()
  candidate(disputed, disputed.before)
  disputed.world.send(openDisputeCall(disputed, point))
  return disputed
}

describe('close_dispute', () => {
  it('gives the rent back once the epoch is final', () => {
    const disputed = setup()
    const { world, running, disputer } = disputed
    expect(world.refusal(closeDisputeCall(disputed, point))).toBe('DisputeNotSettled')
    finalize(running, 1n)
    const rent = world.account(disputeAt(disputed, point)).lamports
    const lamports = world.account(disputer).lamports
    const { events } = world.send(closeDisputeCall(disputed, point))
    const fields = {
      network: running.network.id.toBase58(),
      epoch: 1n,
      ledger: 0n,
      index: 1n,
      disputer: disputer.toBase58(),
    }
    expect(events).toEqual([{ name: 'DisputeClosed', fields }])
    expect(world.account(disputer).lamports).toBe(lamports + rent)
    expect(world.account(disputeAt(disputed, point)).data).toHaveLength(0)
    expect(world.refusal(closeDisputeCall(disputed, point))).toBe('WrongOwner')
  })

  it('refuses every account in another place', () => {
    const disputed = setup()
    const { world, running } = disputed
    finalize(running, 1n)
    const other = makeNetwork(world, { name: 2 })
    const { expected, actual } = substitutions(world, closeDisputeCall(disputed, point), {
      elsewhere: {
        disputer: [world.funded(), 'WrongDisputer'],
        network: [other.id, 'WrongNetwork'],
      },
    })
    expect(actual).toEqual(expected)
  })
})
