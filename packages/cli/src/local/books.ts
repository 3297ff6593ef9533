// Whether the money adds up: chain balances, the attested ledgers, and what verifiers say of bonds, against each other.

import { readKeyFile } from '@piecework/api'
import { bytesOf, decodeTokenAccount, parseAddress } from '@piecework/chain'
import { keyFromSecret } from '@piecework/protocol'
import { stateOf, tokensIn } from '../common/chain.ts'
import type { Verifiers } from '../common/verifiers.ts'
import { accountOf, wordOn } from '../node/account.ts'
import type { RunningNode } from './world.ts'

export interface NodeBooks {
  readonly name: string
  readonly earned: bigint
  readonly claimed: bigint
  readonly bond: bigint
  readonly held: bigint
  /** Of rows that were paid, over all epochs. */
  readonly paidRows: number
  readonly outcomes: readonly { readonly epoch: number; readonly outcome: string }[]
  /** The newest epoch of what is said here. */
  readonly epoch: number
}

export interface Books {
  readonly lastFinal: number
  readonly charged: bigint
  readonly paid: bigint
  readonly held: bigint
  readonly claimed: bigint
  readonly refunded: bigint
  readonly conserved: boolean
  /** All that was released to contributors is in their wallets. */
  readonly allClaimed: boolean
  /** Everything said is of the newest final root. */
  readonly inStep: boolean
  readonly nodes: readonly NodeBooks[]
}

export interface Booking {
  readonly nodes: readonly (RunningNode & { readonly keyFile: string })[]
  /** Who keep what carrying claims costs. */
  readonly carriers: readonly string[]
}

export async function booksOf(verifiers: Verifiers, { nodes, carriers }: Booking): Promise<Books> {
  const { chain } = verifiers
  const { network } = await stateOf(chain)
  const all = await Promise.all(nodes.map((node) => nodeBooks(verifiers, node)))
  const { deposited, charged, paid, claimed, refunded } = network.totals
  const held = sum(all.map((one) => one.bond + one.held))
  const [vault] = (await chain.accounts([chain.at.vault])).value
  const inVault = vault === undefined ? 0n : decodeTokenAccount(vault).amount
  const wallets = [...nodes.map(({ wallet }) => wallet), ...carriers]
  const balances = await Promise.all(wallets.map((one) => tokensIn(chain, parseAddress(one), network.mint)))
  const inWallets = sum(balances.map((amount) => amount ?? 0n))
  const claimedByLeaves = sum(all.map((one) => one.claimed))
  return {
    lastFinal: network.lastFinal,
    ...{ charged, paid, held, claimed, refunded },
    conserved:
      charged === paid + held &&
      inVault === deposited - refunded - claimed &&
      claimed === claimedByLeaves &&
      claimed === inWallets,
    allClaimed: all.every((one) => one.claimed === one.earned),
    inStep: all.every(({ epoch }) => epoch === network.lastFinal),
    nodes: all,
  }
}

async function nodeBooks(
  verifiers: Verifiers,
  { name, wallet, keyFile }: Booking['nodes'][number],
): Promise<NodeBooks> {
  const { publicKey } = keyFromSecret(await readKeyFile(keyFile))
  const word = await wordOn(verifiers, publicKey)
  const { owed, earned, claimed } = await accountOf(verifiers, bytesOf(parseAddress(wallet)))
  return {
    name,
    ...{ earned, claimed },
    bond: word.standing?.bond ?? 0n,
    held: word.standing?.held ?? 0n,
    paidRows: word.results.reduce((rows, one) => rows + one.paidRows, 0),
    outcomes: word.results.map(({ epoch, outcome }) => ({ epoch, outcome })),
    epoch: owed === undefined ? word.epoch : Math.min(word.epoch, owed.epoch),
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
