// Verifiers that come and go.
import {
  ACTIVATIONS_PER_EPOCH,
  type Entry,
  entriesOf,
  joinRosterForm,
  leaveRosterForm,
  NO_ADDRESS,
  networkForm,
  paramsOf,
  ROSTER_ENTRIES,
  type Roster,
  rosterForm,
  SEATS,
  verifierForm,
} from '@piecework/chain'
import { requireThat } from '../run.ts'
import { tokensAt, transfer } from '../tokens.ts'
import { blank } from './blank.ts'
import { type Handler, handler } from './handler.ts'
import { currentEpoch } from './network.ts'

/** The epoch of now and the next have their snapshots, or get them without a newcomer. */
const EPOCHS_TO_SEAT = 2
/** In a log line: nobody was displaced. */
const NOBODY = 2 ** 32 - 1

const NO_ENTRY: Entry = { id: 0, voteKey: NO_ADDRESS, stake: 0n, fromEpoch: 0, exitEpoch: 0, activeSlot: 0 }

export function withEntries(roster: Roster, entries: readonly Entry[]): Roster {
  const all = Array.from({ length: ROSTER_ENTRIES }, (_, place) => entries[place] ?? NO_ENTRY)
  return { ...roster, count: entries.length, entries: all }
}

const join = handler(joinRosterForm, (run, { accounts, args, signers }) => {
  const { at, slot } = run
  const { operator, voteKey, payer } = accounts
  requireThat(
    [operator, voteKey, payer].every((key) => signers.has(key)),
    'NotSigner',
  )
  requireThat(voteKey !== operator, 'VoteKeyIsOperator')
  const network = run.load(networkForm, at.network)
  tokensAt(run, accounts.operatorTokens, network.mint)
  const id = network.nextVerifier
  const roster = run.load(rosterForm, at.roster)
  const entries = entriesOf(roster)
  const fromEpoch = network.started
    ? freeActivation(entries, currentEpoch(network, slot) + EPOCHS_TO_SEAT)
    : 0
  const { stake } = args
  requireThat(stake >= paramsOf(network, fromEpoch).minStake, 'StakeTooSmall')
  requireThat(
    entries.every((entry) => entry.voteKey !== voteKey),
    'VoteKeyTaken',
  )
  const { kept, displaced } = makeRoom(entries, fromEpoch, stake)
  requireThat(kept.length < ROSTER_ENTRIES, 'RosterFull')
  const entry = { id, voteKey, stake, fromEpoch, exitEpoch: Infinity, activeSlot: slot }
  run.save(rosterForm, at.roster, withEntries(roster, [...kept, entry]))
  const totals = { ...network.totals, staked: network.totals.staked + stake }
  run.save(networkForm, at.network, { ...network, nextVerifier: id + 1, totals })
  requireThat(accounts.verifier === at.verifier(id), 'WrongAddress')
  const verifier = { ...blank(verifierForm), id, network: at.network, operator, voteKey, slashEpoch: -1 }
  run.create(verifierForm, at.verifier(id), { ...verifier, exitEpoch: Infinity })
  const { mint } = network
  transfer(run, { mint, from: accounts.operatorTokens, to: at.stakeVault, amount: stake, owner: operator })
  const fields = { network: at.network, id, operator, voteKey, stake, fromEpoch, displaced }
  run.emit({ name: 'VerifierJoined', fields })
})

function freeActivation(entries: readonly Entry[], earliest: number): number {
  const taken = entries.filter((entry) => entry.fromEpoch === earliest).length
  return taken < ACTIVATIONS_PER_EPOCH ? earliest : freeActivation(entries, earliest + 1)
}

/** With every seat taken, the smallest stake gives way to 1.1 times as much; of equal ones the newest. */
function makeRoom(
  entries: readonly Entry[],
  epoch: number,
  stake: bigint,
): { readonly kept: readonly Entry[]; readonly displaced: number } {
  const staying = entries.filter(({ fromEpoch, exitEpoch }) => exitEpoch > Math.max(epoch, fromEpoch))
  if (staying.length < SEATS) return { kept: entries, displaced: NOBODY }
  const smallest = staying.reduce((least, entry) => (entry.stake <= least.stake ? entry : least))
  requireThat(10n * stake >= 11n * smallest.stake, 'StakeBelowDisplacement')
  const exitEpoch = Math.max(epoch, smallest.fromEpoch)
  const kept = entries.map((entry) => (entry === smallest ? { ...entry, exitEpoch } : entry))
  return { kept, displaced: smallest.id }
}

const leave = handler(leaveRosterForm, (run, { accounts, signers }) => {
  const { at, slot } = run
  const network = run.load(networkForm, at.network)
  const { id, operator } = run.load(verifierForm, accounts.verifier)
  requireThat(signers.has(accounts.operator) && accounts.operator === operator, 'NotOperator')
  const roster = run.load(rosterForm, at.roster)
  const entries = entriesOf(roster)
  const entry = entries.find((one) => one.id === id)
  requireThat(entry !== undefined, 'NotInRoster')
  requireThat(entry.exitEpoch === Infinity, 'AlreadyLeaving')
  const earliest = network.started ? currentEpoch(network, slot) + EPOCHS_TO_SEAT : 0
  const exitEpoch = Math.max(earliest, entry.fromEpoch)
  const kept = entries.map((one) => (one === entry ? { ...entry, exitEpoch } : one))
  const staying = kept.some(
    (one) => one.fromEpoch <= exitEpoch && one.exitEpoch === Infinity && one.stake > 0n,
  )
  requireThat(!network.started || staying, 'LastVerifier')
  run.save(rosterForm, at.roster, withEntries(roster, kept))
  run.emit({ name: 'VerifierLeft', fields: { network: at.network, id, exitEpoch } })
})

export const rosterHandlers: readonly Handler[] = [join, leave]
