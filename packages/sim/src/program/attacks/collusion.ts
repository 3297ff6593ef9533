// All verifiers in it together make ledgers final that lie; what they say must not be had all the same.

import { claimOwn } from '@piecework/chain'
import type { TransactionInstruction } from '@solana/web3.js'
import { booksOf, type ChargedJob, type Entries } from '../books.ts'
import { leafOf, makeStage, ownClaim, refundOf, type Stage, settle } from '../stage.ts'
import type { Attack } from './attack.ts'

interface Collusion {
  readonly lie: (entries: Entries) => Entries
  readonly take: (stage: Stage) => TransactionInstruction
}

function withAmount(entries: Entries, index: number, amount: bigint): Entries {
  const accounts = entries.accounts.map((one, at) => (at === index ? { ...one, amount } : one))
  return { ...entries, accounts }
}

function withJob(entries: Entries, changed: Partial<ChargedJob>): Entries {
  return { ...entries, jobs: entries.jobs.map((one) => ({ ...one, ...changed })) }
}

const COLLUSIONS: Readonly<Record<string, Collusion>> = {
  'a leaf of one more than everything that was paid': {
    lie: (entries) => withAmount(entries, 1, entries.paid + 1n),
    take: ownClaim,
  },
  'a leaf of the whole deposit': { lie: (entries) => withAmount(entries, 1, 100_000n), take: ownClaim },
  'a refund of what was charged': {
    lie: (entries) => withJob(entries, { charged: 0n }),
    take: (stage) => refundOf(stage),
  },
  'a refund of more than was deposited': {
    lie: (entries) => withJob(entries, { charged: 2n ** 64n - 1n }),
    take: (stage) => refundOf(stage),
  },
  'a refund before the job is done': {
    lie: (entries) => withJob(entries, { done: false }),
    take: (stage) => refundOf(stage),
  },
  'the commons': {
    lie: (entries) => entries,
    take: (stage) => {
      const { network, actors } = stage
      return claimOwn(network.at, {
        leaf: leafOf(stage, 0),
        mint: network.mint,
        destination: actors.carrier.tokens,
      })
    },
  },
}

export function collude(): Attack {
  const worked = Object.entries(COLLUSIONS).flatMap(([name, { lie, take }]) => {
    const stage = makeStage()
    const entries = lie(stage.entries)
    const books = booksOf(entries)
    settle(stage.network, 1, books)
    const lying: Stage = { ...stage, entries, books, rootEpoch: 1 }
    return stage.network.vm.send([take(lying)]).refusal === undefined ? [name] : []
  })
  return { tried: Object.keys(COLLUSIONS).length, worked }
}
