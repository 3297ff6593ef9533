// The same money twice: a claim or a refund repeated, in one transaction or in several, by its owner and by a carrier,
// under one root and another, with the account brought back to life meanwhile.
import { keyOf, openPage } from '@piecework/chain'
import { SystemProgram, type TransactionInstruction } from '@solana/web3.js'
import type { Actor } from '../actors.ts'
import { booksOf, type Entries } from '../books.ts'
import type { ProgramNetwork } from '../network.ts'
import { carriedClaim, jobOf, makeStage, ownClaim, refundOf, type Stage, settle, slashOf } from '../stage.ts'
import type { Attack } from './attack.ts'

const LAMPORTS = 10_000_000

/** Transactions, one after the other. */
type Play = (stage: Stage) => readonly (readonly TransactionInstruction[])[]

const fund = ({ network, requester }: Stage): TransactionInstruction =>
  SystemProgram.transfer({
    fromPubkey: keyOf(network.vm.payer),
    toPubkey: keyOf(network.at.job(requester.address, 1n)),
    lamports: LAMPORTS,
  })

const reopen = ({ network }: Stage): TransactionInstruction =>
  openPage(network.at, { payer: network.vm.payer, number: 0 })

const sameJobAgain = ({ network, requester }: Stage): TransactionInstruction =>
  jobOf(
    network,
    { ...requester, tokens: network.tokens(requester.address, 100_000n) },
    { nonce: 1n, deposit: 100_000n },
  )

const PLAYS: Readonly<Record<string, Play>> = {
  'own, own': (s) => [[ownClaim(s)], [ownClaim(s)]],
  'own and own at once': (s) => [[ownClaim(s), ownClaim(s)], [ownClaim(s)]],
  'own and carried at once': (s) => [[ownClaim(s), carriedClaim(s)], [carriedClaim(s)], [ownClaim(s)]],
  'carried, carried': (s) => [[carriedClaim(s)], [carriedClaim(s)], [carriedClaim(s), carriedClaim(s)]],
  'a page opened again': (s) => [[ownClaim(s)], [reopen(s)], [reopen(s), ownClaim(s)], [ownClaim(s)]],
  'refund, refund': (s) => [[refundOf(s)], [refundOf(s)], [refundOf(s, s.requester.tokens)]],
  'refunds at once': (s) => [[refundOf(s), refundOf(s)], [refundOf(s)]],
  'refund, lamports, refund': (s) => [[refundOf(s)], [fund(s)], [refundOf(s)]],
  'refund, lamports and refund at once': (s) => [
    [refundOf(s), fund(s), refundOf(s)],
    [refundOf(s), fund(s)],
    [refundOf(s)],
  ],
  'slash, slash': (s) => [[slashOf(s)], [slashOf(s)], [slashOf(s), slashOf(s)]],
}

/** What somebody has in both of its token accounts. */
function wealth(network: ProgramNetwork, { tokens, associated }: Actor): bigint {
  return network.balance(tokens) + network.balance(associated)
}

interface Gains {
  readonly claimed: bigint
  readonly refunded: bigint
  readonly slashed: bigint
}

function gains({ network, actors }: Stage): Gains {
  const { claimed, refunded, slashed } = network.state().totals
  const paid = actors.wallets.reduce(
    (sum, one) => sum + wealth(network, one),
    wealth(network, actors.carrier),
  )
  if (paid !== claimed) throw new Error(`the wallets have ${paid}, the program says ${claimed}`)
  return { claimed, refunded, slashed }
}

function due({ entries }: Stage): Gains {
  const { charged, slashed } = entries
  const refunded = 100_000n - charged
  return { claimed: entries.accounts[1]?.amount ?? 0n, refunded, slashed }
}

function above(stage: Stage, name: string): string[] {
  const [got, most] = [gains(stage), due(stage)]
  const too = (['claimed', 'refunded', 'slashed'] as const).filter((what) => got[what] > most[what])
  return too.map((what) => `${name}: ${what} ${got[what]} of ${most[what]}`)
}

export function takeTwice(): Attack {
  let tried = 0
  const worked: string[] = []
  for (const [name, play] of Object.entries(PLAYS)) {
    const stage = makeStage()
    for (const transaction of play(stage)) {
      tried += 1
      stage.network.vm.send(transaction)
    }
    worked.push(...above(stage, name))
  }
  return { tried: tried + 2, worked: [...worked, ...underTwoRoots(), ...theSameNonce()] }
}

/** A claim under an older root after one under a newer root, and the other way round. */
function underTwoRoots(): string[] {
  const stage = makeStage()
  const { network } = stage
  const more = (entries: Entries): Entries => ({
    ...entries,
    accounts: entries.accounts.map((one, index) =>
      index === 1 ? { ...one, amount: one.amount + 700n } : one,
    ),
    paid: entries.paid + 700n,
  })
  const entries = more(stage.entries)
  settle(network, 1, booksOf(entries))
  const later: Stage = { ...stage, entries, books: booksOf(entries), rootEpoch: 1 }
  for (const one of [ownClaim(stage), ownClaim(later), ownClaim(stage), carriedClaim(later)])
    network.vm.send([one])
  return above(later, 'under two roots')
}

/** A job at the address of one that was refunded has another index: the old leaf says nothing about it. */
function theSameNonce(): string[] {
  const stage = makeStage()
  const { vm } = stage.network
  vm.must([refundOf(stage)])
  vm.must([sameJobAgain(stage)])
  vm.send([refundOf(stage)])
  return above(stage, 'the same nonce again')
}
