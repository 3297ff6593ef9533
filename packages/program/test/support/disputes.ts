// A network whose next candidate takes something back, and the disputes of it.
import type { PublicKey } from '@solana/web3.js'
import type { Call, Values } from './encode.ts'
import { epochOf, type Running, startedNetwork, toFinal, toVoted } from './epochs.ts'
import {
  accountDetail,
  jobDetail,
  type LedgerLeaf,
  makeLedger,
  type WholeLedger,
  zeroHash,
} from './ledger.ts'
import { u64 } from './network.ts'
import { makeTokens } from './tokens.ts'
import { World } from './world.ts'

export const ledgerNames = ['accounts', 'jobs', 'slashes'] as const
export type LedgerName = (typeof ledgerNames)[number]
export type Ledgers = Readonly<Record<LedgerName, WholeLedger>>

export const million = 1_000_000n
const deposited = 1_000_000n

export type Disputed = {
  readonly running: Running
  readonly world: World
  /** Final under epoch 0. */
  readonly before: Ledgers
  readonly disputer: PublicKey
  readonly tokens: PublicKey
}

export function leaves(world: World, amounts: readonly bigint[], detail: Uint8Array): readonly LedgerLeaf[] {
  return amounts.map((amount) => ({ amount, owner: world.key(), detail }))
}

/** Epoch 0 of this network is final, with three accounts, two jobs and a slash. */
export function disputedNetwork(stakes: readonly bigint[] = [million, 2n * million, 4n * million]): Disputed {
  const world = new World()
  const running = startedNetwork(world, stakes)
  const { network } = running
  world.write('Network', network.id, { 'totals.deposited': deposited, next_job: 9 })
  const before: Ledgers = {
    accounts: makeLedger(leaves(world, [0n, 70n, 30n], accountDetail(1n, 2n))),
    jobs: makeLedger(leaves(world, [80n, 60n], jobDetail(false))),
    slashes: makeLedger(leaves(world, [0n, 5n], zeroHash)),
  }
  toFinal(running, 0n, rootsOf(before))
  const disputer = world.funded()
  const tokens = makeTokens(world, { mint: network.mint, owner: disputer })
  return { running, world, before, disputer, tokens }
}

export function rootsOf(ledgers: Ledgers): Values {
  return {
    accounts: ledgers.accounts.root,
    jobs: ledgers.jobs.root,
    slashes: ledgers.slashes.root,
  }
}

/** The ledgers with one leaf changed, and the total as if it were not. */
export function withLeaf(
  ledgers: Ledgers,
  name: LedgerName,
  changed: { readonly index: number } & Partial<LedgerLeaf>,
): Ledgers {
  const { index, ...fields } = changed
  const ledger = ledgers[name]
  const all = ledger.leaves.map((leaf, at) => (at === index ? { ...leaf, ...fields } : leaf))
  const made = makeLedger(all)
  return { ...ledgers, [name]: { ...made, root: { ...made.root, total: ledger.root.total } } }
}

/** All verifiers vote for these ledgers in epoch 1. */
export function candidate({ running }: Disputed, ledgers: Ledgers): void {
  toVoted(running, 1n, rootsOf(ledgers))
}

export type Point = { readonly name: LedgerName; readonly index: number }

export function disputeAt({ world, running, disputer }: Disputed, { name, index }: Point): PublicKey {
  const ledger = Uint8Array.of(ledgerNames.indexOf(name))
  return world.pda('dispute', running.network.id, u64(1n), ledger, u64(BigInt(index)), disputer)
}

function leafArgs(ledger: WholeLedger, index: number): Values {
  const leaf = ledger.leaves[index]
  if (leaf === undefined) throw new Error(`no leaf ${index}`)
  return { amount: leaf.amount, owner: leaf.owner, detail: leaf.detail, proof: ledger.proof(index) }
}

export function openDisputeCall(disputed: Disputed, point: Point): Call {
  const { running, before, disputer } = disputed
  return {
    name: 'open_dispute',
    accounts: {
      disputer,
      network: running.network.id,
      epoch: epochOf(running.network, 1n),
      dispute: disputeAt(disputed, point),
    },
    args: {
      ledger: ledgerNames.indexOf(point.name),
      index: BigInt(point.index),
      ...leafArgs(before[point.name], point.index),
    },
  }
}

export function proveDisputeCall(disputed: Disputed, point: Point, after: Ledgers): Call {
  const { network } = disputed.running
  return {
    name: 'prove_dispute',
    accounts: {
      disputer: disputed.disputer,
      network: network.id,
      epoch: epochOf(network, 1n),
      dispute: disputeAt(disputed, point),
      roster: network.roster,
      mint: network.mint,
      stake_vault: network.stakeVault,
      destination: disputed.tokens,
    },
    args: leafArgs(after[point.name], point.index),
  }
}

export function closeDisputeCall(disputed: Disputed, point: Point): Call {
  const { running, disputer } = disputed
  const accounts = { disputer, network: running.network.id, dispute: disputeAt(disputed, point) }
  return { name: 'close_dispute', accounts }
}
