import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { withAccounts, withArgs } from './support/calls.ts'
import type { Call } from './support/encode.ts'
import { type Job, makeJob, planJob, planRefund, putJobs, type Settled } from './support/jobs.ts'
import { makeNetwork, type Network } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { associated, balance, makeMint, makeTokens } from './support/tokens.ts'
import { World } from './support/world.ts'

const epoch = 20n
const deposit = 10_000n

type Setup = {
  readonly world: World
  readonly network: Network
  readonly jobs: readonly [Job, Job, Job]
  readonly settled: Settled
}

/** Three jobs of 10,000: the first charged in part, the second whole, the third not done yet. */
function setup(): Setup {
  const world = new World()
  const network = makeNetwork(world)
  const jobs = [makeJob(world, network), makeJob(world, network), makeJob(world, network)] as const
  const settled = putJobs(world, network, {
    epoch,
    jobs: [
      { requester: jobs[0].requester, charged: 4_000n },
      { requester: jobs[1].requester, charged: deposit },
      { requester: jobs[2].requester, charged: 100n, done: false },
    ],
  })
  const { requester } = jobs[0]
  makeTokens(world, { mint: network.mint, owner: requester, at: associated(network.mint, requester)[0] })
  return { world, network, jobs, settled }
}

describe('refund_job', () => {
  it('pays the rest to the requester whoever asks, and closes the account', () => {
    const { world, network, jobs, settled } = setup()
    const [job] = jobs
    const rent = world.account(job.address).lamports
    const before = world.account(job.requester).lamports
    const { events } = world.send(planRefund(settled, job))
    const fields = { network: network.id.toBase58(), index: 0n, charged: 4_000n, refunded: 6_000n }
    expect(events).toEqual([{ name: 'JobRefunded', fields }])
    expect(balance(world, associated(network.mint, job.requester)[0])).toBe(6_000n)
    expect(balance(world, network.vault)).toBe(24_000n)
    expect(world.read('Network', network.id, 'totals.refunded')).toBe(6_000n)
    expect(world.account(job.address)).toMatchObject({ lamports: 0n })
    expect(world.account(job.address).data.length).toBe(0)
    expect(world.account(job.requester).lamports).toBe(before + rent)
  })

  it('pays a requester that signs into any account of its own', () => {
    const { world, jobs, settled } = setup()
    const [job] = jobs
    world.send(planRefund(settled, job, job.tokens))
    expect(balance(world, job.tokens)).toBe(996_000n)
  })

  it('closes a job of which nothing is left', () => {
    const { world, jobs, settled } = setup()
    const { events } = world.send(planRefund(settled, jobs[1], jobs[1].tokens))
    expect(events[0]?.fields['refunded']).toBe(0n)
    expect(world.account(jobs[1].address).data.length).toBe(0)
  })

  it('refuses every account in another place', () => {
    const { world, jobs, settled } = setup()
    const other = makeNetwork(world, { name: 2 })
    const foreign = { job: makeJob(world, other).address }
    const call = planRefund(settled, jobs[0])
    const { expected, actual } = substitutions(world, call, { foreign })
    expect(actual).toEqual(expected)
    expect(world.refusal(withAccounts(call, { network: other.id }))).toBe('WrongVault')
    expect(world.refusal(withAccounts(call, { job: jobs[1].address }))).toBe('NotRequester')
    expect(world.refusal(withAccounts(call, { requester: jobs[1].requester }))).toBe('NotRequester')
    expect(world.refusal(withAccounts(call, { vault: settled.network.stakeVault }))).toBe('WrongVault')
  })

  it('is paid to nobody else', () => {
    const { world, network, jobs, settled } = setup()
    const [job] = jobs
    const to = (destination: PublicKey, call: Call): string =>
      world.refusal(withAccounts(call, { destination }))
    const signed = planRefund(settled, job, job.tokens)
    expect(to(makeTokens(world, { mint: network.mint, owner: world.key() }), signed)).toBe('WrongDestination')
    expect(to(makeTokens(world, { mint: makeMint(world), owner: job.requester }), signed)).toBe(
      'WrongTokenAccount',
    )
    const carried = planRefund(settled, job)
    expect(to(job.tokens, carried)).toBe('WrongDestination')
    expect(world.refusal(withArgs(carried, { ata_bump: 3 }))).toBe('WrongDestination')
  })

  it('wants a leaf that says done, under a kept root', () => {
    const { world, jobs, settled } = setup()
    const [job, , open] = jobs
    expect(world.refusal(planRefund(settled, open, open.tokens))).toBe('JobNotDone')
    const call = planRefund(settled, job)
    expect(world.refusal(withArgs(call, { amount: 3_999n }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { rest: new Uint8Array(32).fill(1) }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { proof: settled.ledger.proof(1) }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { proof: [] }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { root_epoch: epoch - 1n }))).toBe('RootNotKept')
  })

  it('does not end during a pause', () => {
    const { world, network, jobs, settled } = setup()
    world.write('Network', network.id, { pause_until: 2n ** 40n })
    expect(world.refusal(planRefund(settled, jobs[0]))).toBe('accepted')
  })

  it('never pays what belongs to others', () => {
    const { world, network, jobs, settled } = setup()
    const call = planRefund(settled, jobs[0])
    const totals = (deposited: bigint, charged: bigint): string => {
      world.write('Network', network.id, { 'totals.deposited': deposited, 'totals.charged': charged })
      return world.refusal(call)
    }
    expect(totals(30_000n, 24_000n)).toBe('accepted')
    expect(totals(30_000n, 24_001n)).toBe('ChargedAboveDeposited')
    expect(totals(30_000n, 2n ** 64n - 1n)).toBe('Overflow')
    world.write('Job', jobs[1].address, { deposit: deposit - 1n })
    expect(world.refusal(planRefund(settled, jobs[1], jobs[1].tokens))).toBe('ChargedAboveDeposited')
  })

  it('can be revived neither with lamports nor by a new job of the same nonce', () => {
    const { world, network, jobs, settled } = setup()
    const [job] = jobs
    const call = planRefund(settled, job)
    expect(world.refusal(call, call)).toBe('WrongOwner')
    world.send(call)
    world.setLamports(job.address, 10_000_000n)
    expect(world.refusal(call)).toBe('WrongOwner')
    const again = planJob(world, network, { requester: job.requester })
    world.send(again.call)
    expect(again.job.address.equals(job.address)).toBe(true)
    expect(world.refusal(call)).toBe('WrongProof')
  })
})
