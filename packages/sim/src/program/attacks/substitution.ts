// Every account of every instruction about money, with every other account in its place.
import {
  type Address,
  addressOfKey,
  closeJob,
  decodeTokenAccount,
  keyOf,
  openPage,
  TOKEN_ACCOUNT_BYTES,
  TOKEN_PROGRAM,
} from '@piecework/chain'
import { TransactionInstruction } from '@solana/web3.js'
import { type Actor, everybody, tokenAccountsOf } from '../actors.ts'
import { ProgramNetwork } from '../network.ts'
import { carriedClaim, jobOf, makeStage, ownClaim, refundOf, type Stage, slashOf } from '../stage.ts'
import type { Attack } from './attack.ts'

const PAYER_PLACE = 0
const FEE_PLACE = 5
const DEPOSIT = 2_000n

interface Target {
  readonly name: string
  readonly stage: Stage
  readonly instruction: TransactionInstruction
  /** Whose other accounts may stand in its places. */
  readonly owner?: Actor
  /** A place in which anything may stand: a carrier's fee goes where it likes, anybody may pay rent. */
  readonly free?: number
}

function targets(): readonly Target[] {
  const stage = makeStage()
  const unopened = makeStage({ page: false })
  const { network, requester, wallet } = stage
  const { vm } = unopened.network
  const funded = { ...requester, tokens: network.tokens(requester.address, 2n * DEPOSIT) }
  network.vm.must([jobOf(network, funded, { nonce: 2n, deposit: DEPOSIT })])
  const create = jobOf(network, funded, { nonce: 3n, deposit: DEPOSIT })
  const close = closeJob(network.at, { requester: requester.address, nonce: 2n })
  const open = openPage(unopened.network.at, { payer: vm.payer, number: 0 })
  return [
    { name: 'claim, signed', stage, instruction: ownClaim(stage), owner: wallet, free: FEE_PLACE },
    { name: 'claim, carried', stage, instruction: carriedClaim(stage), free: FEE_PLACE },
    { name: 'refund, signed', stage, instruction: refundOf(stage, requester.tokens), owner: requester },
    { name: 'refund, carried', stage, instruction: refundOf(stage) },
    { name: 'apply_slash', stage, instruction: slashOf(stage) },
    { name: 'create_job', stage, instruction: create, owner: requester },
    { name: 'close_job', stage, instruction: close },
    { name: 'open_page', stage: unopened, instruction: open, free: PAYER_PLACE },
  ]
}

/** Accounts of this network and another, of people and programs, and an address that nobody has. */
function pool({ network, actors }: Stage): readonly Address[] {
  const other = new ProgramNetwork(network.vm, { name: 2 })
  other.join(1_000_000n)
  const of = ({ at, mint }: ProgramNetwork): readonly Address[] => [
    ...[at.network, at.roster, at.vault, at.stakeVault, mint],
    ...[0, 1, 2, 3].map(at.epoch),
    ...[0, 1].map(at.page),
    ...[0, 1].map(at.verifier),
  ]
  const [requester] = actors.requesters
  const jobs =
    requester === undefined ? [] : [1n, 2n].map((nonce) => network.at.job(requester.address, nonce))
  const people = everybody(actors).map(({ address }) => address)
  const { vm } = network
  const strangers = [vm.programId, TOKEN_PROGRAM, vm.address()]
  return [...of(network), ...of(other), ...jobs, ...people, ...tokenAccountsOf(actors), ...strangers]
}

interface Substitute {
  readonly place: number
  readonly account: Address
  readonly signs: boolean
}

function substituted(
  one: TransactionInstruction,
  { place, account, signs }: Substitute,
): TransactionInstruction {
  const keys = one.keys.map((meta, at) =>
    at === place ? { pubkey: keyOf(account), isSigner: signs, isWritable: meta.isWritable } : meta,
  )
  return new TransactionInstruction({ programId: one.programId, keys, data: one.data })
}

function ownsTokens(owner: Actor | undefined, account: Address, { vm }: ProgramNetwork): boolean {
  const raw = vm.account(account)
  if (owner === undefined || raw?.owner !== TOKEN_PROGRAM || raw.data.length !== TOKEN_ACCOUNT_BYTES)
    return false
  return decodeTokenAccount(raw).owner === owner.address
}

/** Nobody can sign for others: only the thief signs in somebody's place. */
function substitutesOf({ instruction, stage, owner, free }: Target, pool: readonly Address[]): Substitute[] {
  const thief = stage.actors.thief.address
  return instruction.keys.flatMap(({ pubkey }, place) =>
    pool
      .filter((account) => place !== free && account !== addressOfKey(pubkey))
      .filter((account) => !ownsTokens(owner, account, stage.network))
      .map((account) => ({ place, account, signs: account === thief })),
  )
}

export function substituteAccounts(): Attack {
  const all = targets()
  const pools = new Map([...new Set(all.map(({ stage }) => stage))].map((stage) => [stage, pool(stage)]))
  const results = all.map((target) => {
    const { vm } = target.stage.network
    const refusal = vm.trial([target.instruction])
    if (refusal !== undefined) throw new Error(`${target.name} is refused as it is: ${refusal}`)
    const substitutes = substitutesOf(target, pools.get(target.stage) ?? [])
    const worked = substitutes.filter((one) => vm.trial([substituted(target.instruction, one)]) === undefined)
    return {
      tried: substitutes.length,
      worked: worked.map(({ place, account }) => `${target.name} with ${account} in place ${place}`),
    }
  })
  return {
    tried: results.reduce((sum, { tried }) => sum + tried, 0),
    worked: results.flatMap(({ worked }) => worked),
  }
}
