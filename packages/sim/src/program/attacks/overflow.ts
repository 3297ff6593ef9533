// Numbers at the end of their range: in ledgers that verifiers agreed on, in arguments, in sums.
import { claimCarried, claimOwn, openPage } from '@piecework/chain'
import { TransactionInstruction } from '@solana/web3.js'
import { booksOf, type Entries } from '../books.ts'
import { brokenThoroughly } from '../invariants.ts'
import { jobOf, leafOf, makeStage, ownClaim, refundOf, type Stage, settle } from '../stage.ts'
import type { Attack } from './attack.ts'

const LARGEST = 2n ** 64n - 1n
/** Nearly all tokens that a mint can have: the requesters' budgets and the stakes are the rest. */
const DEPOSIT = 2n ** 64n - 10n ** 16n
const U64_BYTES = 8

/** The instruction with every eight bytes of its arguments, in turn, as large as can be. */
function extremes(one: TransactionInstruction): readonly TransactionInstruction[] {
  return Array.from({ length: one.data.length - 1 }, (_, at) => {
    const data = Buffer.from(one.data)
    data.subarray(1 + at, 1 + at + U64_BYTES).fill(0xff)
    return new TransactionInstruction({ programId: one.programId, keys: one.keys, data })
  })
}

/** Verifiers agree that account 1 may have everything that a number can say. */
function withLargestLeaf(entries: Entries): Entries {
  const accounts = entries.accounts.map((one, index) => (index === 1 ? { ...one, amount: LARGEST } : one))
  return { ...entries, accounts }
}

/** Nearly everything was deposited, charged and paid, and account 2 has claimed a quarter of it. */
function fullStage(): Stage {
  const stage = makeStage({ deposit: DEPOSIT, charged: DEPOSIT - 5n, paid: [2n ** 63n, 2n ** 62n] })
  const { network, actors } = stage
  const destination = actors.wallets[1]?.tokens ?? actors.thief.tokens
  network.vm.must([claimOwn(network.at, { leaf: leafOf(stage, 2), mint: network.mint, destination })])
  return stage
}

export function overflowSums(): Attack {
  const stage = fullStage()
  const { network, requester, actors } = stage
  const { vm, at, mint } = network
  const entries = withLargestLeaf(stage.entries)
  settle(network, 1, booksOf(entries))
  const lying: Stage = { ...stage, entries, books: booksOf(entries), rootEpoch: 1 }
  const feeDestination = actors.carrier.tokens
  const hopeless: Readonly<Record<string, TransactionInstruction>> = {
    'a claim of the largest leaf': ownClaim(lying),
    'a fee of everything': claimCarried(at, { leaf: leafOf(stage, 1), mint, fee: LARGEST, feeDestination }),
    'the largest deposit': jobOf(network, requester, { nonce: 5n, deposit: LARGEST }),
    'the last page': openPage(at, { payer: vm.payer, number: 2 ** 32 - 1 }),
  }
  const worked = Object.entries(hopeless).flatMap(([name, one]) =>
    vm.send([one]).refusal === undefined ? [name] : [],
  )
  const anything = [
    ownClaim(stage),
    refundOf(stage),
    jobOf(network, requester, { nonce: 6n, deposit: 2_000n }),
  ]
  const all = anything.flatMap(extremes)
  for (const one of all) vm.send([one])
  const highest = new Map(entries.accounts.map(({ amount }, index) => [index, amount]))
  worked.push(...brokenThoroughly({ network, actors, highest, pages: 1 }))
  return { tried: Object.keys(hopeless).length + all.length, worked }
}
