// Jobs, and the final jobs ledger under which they are refunded.
import type { PublicKey } from '@solana/web3.js'
import type { Call, Values } from './encode.ts'
import { jobDetail, type Ledger, makeLedger, zeroHash } from './ledger.ts'
import { type Network, u64 } from './network.ts'
import { putRoots } from './roots.ts'
import { associated, makeTokens } from './tokens.ts'
import type { World } from './world.ts'

export const terms: Values = {
  deposit: 10_000n,
  price: 10n,
  cap_price: 0n,
  tasks: 100,
  max_units: 5,
  lease_epochs: 3,
  work_kind: 2,
  rule: 0,
  replicas: 3,
  spec_hash: new Uint8Array(32).fill(6),
  allow_root: new Uint8Array(32),
}

export type Job = {
  readonly address: PublicKey
  readonly requester: PublicKey
  readonly tokens: PublicKey
  readonly index: number
}

/** The call by which a new requester with enough tokens makes the network's next job. */
export function planJob(
  world: World,
  network: Network,
  {
    requester = world.funded(),
    nonce = 1n,
    ...changed
  }: Values & { requester?: PublicKey; nonce?: bigint } = {},
): { job: Job; call: Call } {
  const args = { ...terms, ...changed, nonce }
  const job: Job = {
    address: world.pda('job', network.id, requester, u64(nonce)),
    requester,
    tokens: makeTokens(world, { mint: network.mint, owner: requester, amount: 1_000_000n }),
    index: Number(world.integer('Network', network.id, 'next_job')),
  }
  const call: Call = {
    name: 'create_job',
    accounts: {
      requester,
      network: network.id,
      job: job.address,
      requester_tokens: job.tokens,
      vault: network.vault,
    },
    args,
  }
  return { job, call }
}

export function makeJob(world: World, network: Network, changed: Values = {}): Job {
  const { job, call } = planJob(world, network, changed)
  world.send(call)
  return job
}

export type Charged = { readonly requester: PublicKey; readonly charged: bigint; readonly done?: boolean }
export type Settled = {
  readonly network: Network
  readonly jobs: readonly Charged[]
  readonly ledger: Ledger
  readonly epoch: bigint
}

/** Makes this the latest jobs ledger. */
export function putJobs(
  world: World,
  network: Network,
  { jobs, epoch }: { jobs: readonly Charged[]; epoch: bigint },
): Settled {
  const ledger = makeLedger(
    jobs.map(({ requester, charged, done = true }) => ({
      amount: charged,
      owner: requester,
      detail: jobDetail(done),
    })),
  )
  putRoots(world, network, { epoch, jobs: ledger.root })
  return { network, jobs, ledger, epoch }
}

/** Signed by the requester to any account of its own, else carried to its associated one. */
export function planRefund({ network, jobs, ledger, epoch }: Settled, job: Job, to?: PublicKey): Call {
  const [ata, bump] = associated(network.mint, job.requester)
  return {
    name: 'refund_job',
    signing: to === undefined ? [] : ['requester'],
    accounts: {
      requester: job.requester,
      network: network.id,
      job: job.address,
      vault: network.vault,
      destination: to ?? ata,
    },
    args: {
      root_epoch: epoch,
      amount: jobs[job.index]?.charged ?? 0n,
      rest: zeroHash,
      ata_bump: bump,
      proof: ledger.proof(job.index),
    },
  }
}

export function planClose(job: Job): Call {
  return { name: 'close_job', accounts: { requester: job.requester, job: job.address } }
}
