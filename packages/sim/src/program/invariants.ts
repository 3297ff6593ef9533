// What must hold after every transaction, whoever sent it. The quick part reads four accounts; the thorough part all.
import { decodeAccount, entriesOf, rosterForm, verifierForm } from '@piecework/chain'
import type { Actors } from './actors.ts'
import type { ProgramNetwork } from './network.ts'

export interface Watched {
  readonly network: ProgramNetwork
  readonly actors: Actors
  /** The most that any final root ever said of an account. */
  readonly highest: ReadonlyMap<number, bigint>
  /** Pages that were opened. */
  readonly pages: number
}

/** Each broken promise, as a sentence. */
export function brokenQuickly({ network, actors }: Watched): string[] {
  const { totals } = network.state()
  const vault = network.balance(network.at.vault)
  const stake = network.balance(network.at.stakeVault)
  const { claimed, paid, charged, refunded, deposited, staked } = totals
  return said({
    [`claimed ${claimed} <= paid ${paid}`]: claimed <= paid,
    [`paid ${paid} <= charged ${charged}`]: paid <= charged,
    [`charged ${charged} + refunded ${refunded} <= deposited ${deposited}`]: charged + refunded <= deposited,
    [`the vault has ${vault}: deposited ${deposited} - refunded ${refunded} - claimed ${claimed}`]:
      vault === deposited - refunded - claimed,
    [`the stake vault has ${stake}: staked ${staked}`]: stake === staked,
    'the thief has nothing': thiefHasNothing(network, actors),
  })
}

function thiefHasNothing(network: ProgramNetwork, { thief }: Actors): boolean {
  return network.balance(thief.tokens) + network.balance(thief.associated) === 0n
}

export function brokenThoroughly(watched: Watched): string[] {
  const { network } = watched
  const state = network.state()
  const pages = network.claimed(watched.pages)
  const sum = pages.reduce((all, one) => all + one, 0n)
  const above = pages.findIndex((amount, index) => amount > (watched.highest.get(index) ?? 0n))
  return [
    ...brokenQuickly(watched),
    ...said({
      [`the pages sum up to ${sum}: claimed ${state.totals.claimed}`]: sum === state.totals.claimed,
      [`account ${above} claimed more than any root said`]: above === -1,
      'the commons were not claimed': (pages[0] ?? 0n) === 0n,
      'no token came from nowhere or was lost': supply(network) === held(network),
      'stakes sum up to what is staked': stakes(network) === state.totals.staked,
    }),
  ]
}

function said(promises: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(promises).flatMap(([sentence, holds]) => (holds ? [] : [sentence]))
}

/** Where a mint's supply stands. */
const SUPPLY_AT = 36

function supply(network: ProgramNetwork): bigint {
  const { data } = network.raw(network.mint)
  return new DataView(data.buffer, data.byteOffset).getBigUint64(SUPPLY_AT, true)
}

function held(network: ProgramNetwork): bigint {
  const { vault, stakeVault } = network.at
  const accounts = [...network.tokenAccounts, vault, stakeVault]
  return accounts.reduce((sum, tokens) => sum + network.balance(tokens), 0n)
}

function stakes(network: ProgramNetwork): bigint {
  const { vm, at, verifiers } = network
  const roster = decodeAccount(rosterForm, network.raw(at.roster), vm.programId)
  const seated = entriesOf(roster).reduce((sum, { stake }) => sum + stake, 0n)
  const retired = verifiers.reduce((sum, { id }) => {
    const account = vm.account(at.verifier(id))
    if (account?.owner !== vm.programId) return sum
    return sum + decodeAccount(verifierForm, account, vm.programId).stake
  }, 0n)
  return seated + retired
}
