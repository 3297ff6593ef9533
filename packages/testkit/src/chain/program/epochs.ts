// What takes an epoch from its seal to its final roots.
import {
  EPOCH_RING,
  type Epoch,
  entriesOf,
  epochForm,
  type FinalRoot,
  factParams,
  finalizeForm,
  KEPT_ROOTS,
  type LedgerRoot,
  type Network,
  networkForm,
  nextRoundForm,
  type ProposeArgs,
  paramsOf,
  proposeForm,
  ringOf,
  rootOf,
  rosterForm,
  sealEpochForm,
  seatsOf,
  type Totals,
  voteForm,
} from '@piecework/chain'
import {
  attestationHash,
  drawProposer,
  epochSeed,
  equalBytes,
  sealTarget,
  startAfterNext,
  ZERO_HASH,
} from '@piecework/protocol'
import { type Run, requireThat } from '../run.ts'
import { NO_CANDIDATE, NO_LEDGER } from './blank.ts'
import { type Handler, handler } from './handler.ts'
import { openEpoch, requireRunning } from './network.ts'
import { countedStake, moreThanTwoThirds, placeOf, seatsIn, withBit, withSeat } from './seats.ts'

/** Indices are u32. */
const MAX_LEAVES = 2 ** 32

/** The epoch, once both the quorum and the end of the one before are known, has a target. */
export function withTarget(epoch: Epoch, network: Network): Epoch {
  const target = sealTarget(
    {
      end: epoch.endsAt,
      quorumSlot: epoch.quorumSlot || undefined,
      previousFinalSlot: epoch.previousFinalSlot || undefined,
    },
    factParams(paramsOf(network, epoch.number)),
  )
  return { ...epoch, target: target ?? Infinity }
}

export function loadEpoch(run: Run, number: number): Epoch {
  const epoch = run.load(epochForm, run.at.epoch(number))
  requireThat(epoch.number === number, 'WrongEpoch')
  return epoch
}

export function requireSealed({ state }: Epoch): void {
  requireThat(state !== 'final', 'EpochFinal')
  requireThat(state === 'sealed', 'NotSealed')
}

const seal = handler(sealEpochForm, (run) => {
  const { at, slot, hashes, networkId } = run
  const network = run.load(networkForm, at.network)
  requireThat(network.started, 'NotStarted')
  const number = network.nextSeal
  const epoch = loadEpoch(run, number)
  const [newest] = hashes
  requireThat(newest !== undefined && newest.slot >= epoch.target, 'SealTooEarly')
  const used = hashes.findLast((one) => one.slot >= epoch.target)
  if (used === undefined || (used === hashes.at(-1) && used.slot > epoch.target)) {
    const target = slot + epoch.margin
    run.save(epochForm, at.epoch(number), { ...epoch, target })
    const fields = { network: at.network, epoch: number, slot: 0, seed: ZERO_HASH, nextEnd: target }
    return run.emit({ name: 'Sealed', fields })
  }
  const seed = epochSeed(used.hash, networkId, number)
  const roundFrom = slot + epoch.challenge + epoch.commit + epoch.reveal
  run.save(epochForm, at.epoch(number), {
    ...epoch,
    seed,
    state: 'sealed',
    sealedSlot: slot,
    round: 0,
    roundFrom,
  })
  const nextEnd = openNext(run, network, epoch)
  run.emit({ name: 'Sealed', fields: { network: at.network, epoch: number, slot, seed, nextEnd } })
})

/** Writes the next epoch's snapshot, and gives its end. */
function openNext(run: Run, network: Network, epoch: Epoch): number {
  const { at, slot } = run
  const number = epoch.number + 1
  const before = run.load(rosterForm, at.roster)
  const inUse = withActivity(entriesOf(before), epoch)
  const roster = { ...before, entries: [...inUse, ...before.entries.slice(before.count)] }
  run.save(rosterForm, at.roster, roster)
  const startsAt = epoch.endsAt
  const endsAt = startAfterNext(startsAt, slot, factParams(paramsOf(network, number)))
  const seats = seatsIn(roster, { epoch: number, leastActive: endsAt })
  run.save(epochForm, at.epoch(number), {
    ...openEpoch(run, network, { number, startsAt, endsAt }),
    ...seats,
  })
  const starts = network.starts.with(ringOf(number + 1, EPOCH_RING), endsAt)
  run.save(networkForm, at.network, { ...network, starts, nextSeal: number })
  return endsAt
}

/** When those of an epoch were last active, taken over by those who are in a list too. */
function withActivity<T extends { readonly id: number; readonly activeSlot: number }>(
  list: readonly T[],
  epoch: Epoch,
): readonly T[] {
  const active = new Map(seatsOf(epoch).map(({ id, activeSlot }) => [id, activeSlot]))
  return list.map((one) => ({ ...one, activeSlot: Math.max(one.activeSlot, active.get(one.id) ?? 0) }))
}

const propose = handler(proposeForm, (run, { accounts, args, signers }) => {
  const { at, slot } = run
  const { number, round } = args
  requireThat(signers.has(accounts.proposer), 'NotSigner')
  const network = run.load(networkForm, at.network)
  requireThat(network.started, 'NotStarted')
  requireRunning(network, slot)
  requireThat(number === network.lastFinal + 1, 'WrongEpoch')
  const epoch = loadEpoch(run, number)
  requireSealed(epoch)
  requireThat(epoch.round === round, 'WrongRound')
  requireThat(equalBytes(epoch.candidate.attestation, ZERO_HASH), 'AlreadyProposed')
  const place = placeOf(epoch, accounts.proposer)
  const drawn = drawProposer({ seed: epoch.seed, round, candidates: seatsOf(epoch) })
  requireThat(place >= 0 && seatsOf(epoch)[place]?.id === drawn, 'NotProposer')
  requireThat(slot >= epoch.roundFrom, 'ProposeTooEarly')
  requireLedgers(network, args)
  const attestation = attestationOf(run, network, { epoch, args })
  const { jobs, slashes } = args
  const candidate = { attestation, accounts: args.accounts, jobs, slashes }
  run.save(epochForm, at.epoch(number), {
    ...epoch,
    candidate,
    seats: withSeat(epoch, place, { activeSlot: slot }),
  })
  run.emit({ name: 'Proposed', fields: { network: at.network, epoch: number, round, attestation } })
})

function requireLedgers(
  { roots, lastFinal, nextJob, nextVerifier, totals }: Network,
  args: ProposeArgs,
): void {
  const latest = lastFinal < 0 ? undefined : roots[ringOf(lastFinal, KEPT_ROOTS)]
  const owners = { accounts: MAX_LEAVES, jobs: nextJob, slashes: nextVerifier }
  for (const name of ['accounts', 'jobs', 'slashes'] as const) {
    const [ledger, before] = [args[name], latest?.[name] ?? NO_LEDGER]
    requireThat(ledger.count >= before.count, 'CountShrinks')
    requireThat(ledger.total >= before.total, 'TotalShrinks')
    requireThat(ledger.count <= owners[name] && isLedger(ledger), 'BadLedger')
  }
  requireThat(args.accounts.total <= args.jobs.total, 'PaidAboveCharged')
  requireThat(covers(totals, args.jobs.total), 'ChargedAboveDeposited')
}

function covers({ refunded, deposited }: Totals, charged: bigint): boolean {
  return charged + refunded <= deposited
}

/** One without leaves has nothing in it. */
function isLedger({ root, count, total }: LedgerRoot): boolean {
  return count > 0 || (total === 0n && equalBytes(root, ZERO_HASH))
}

function attestationOf(
  { networkId }: Run,
  network: Network,
  { epoch, args }: { readonly epoch: Epoch; readonly args: ProposeArgs },
): Uint8Array {
  const previous = rootOf(network, epoch.number - 1)?.attestation ?? ZERO_HASH
  return attestationHash({ ...args, networkId, epoch: epoch.number, seed: epoch.seed, previous })
}

const nextRound = handler(nextRoundForm, (run, { args }) => {
  const { slot } = run
  const epoch = loadEpoch(run, args.number)
  requireSealed(epoch)
  requireThat(epoch.round === args.round, 'WrongRound')
  requireThat(epoch.votedSlot === 0, 'QuorumReached')
  requireThat(slot >= epoch.roundFrom + epoch.roundSlots, 'RoundNotOver')
  beginRound(run, epoch)
})

function beginRound(run: Run, epoch: Epoch): void {
  const { at, slot } = run
  const { number } = epoch
  const next = inNextRound(epoch, slot)
  run.save(epochForm, at.epoch(number), next)
  run.emit({ name: 'RoundBegan', fields: { network: at.network, epoch: number, round: next.round, slot } })
}

/** Without candidate, without votes. */
export function inNextRound(epoch: Epoch, slot: number): Epoch {
  const nothing = { candidate: NO_CANDIDATE, voteMask: 0n, stakeVoted: 0n, votedSlot: 0 }
  return { ...epoch, ...nothing, round: epoch.round + 1, roundFrom: slot }
}

const vote = handler(voteForm, (run, { accounts, args, voters, signers }) => {
  const { at, slot } = run
  const { attestation } = args
  let epoch = run.load(epochForm, accounts.epoch)
  requireSealed(epoch)
  requireThat(!equalBytes(epoch.candidate.attestation, ZERO_HASH), 'NoCandidate')
  requireThat(equalBytes(epoch.candidate.attestation, attestation), 'WrongAttestation')
  const before = epoch.voteMask
  for (const voter of voters) {
    const place = placeOf(epoch, voter)
    requireThat(signers.has(voter) && place >= 0, 'NotSeated')
    const voteMask = withBit(epoch.voteMask, place)
    requireThat(voteMask !== epoch.voteMask, 'AlreadyVoted')
    const stakeVoted = epoch.stakeVoted + countedStake(epoch, place)
    epoch = { ...epoch, voteMask, stakeVoted, seats: withSeat(epoch, place, { activeSlot: slot }) }
  }
  const reached = epoch.votedSlot === 0 && moreThanTwoThirds(epoch.stakeVoted, epoch.stakeCounted)
  run.save(epochForm, accounts.epoch, { ...epoch, votedSlot: reached ? slot : epoch.votedSlot })
  const seats = epoch.voteMask & ~before
  const { number, round } = epoch
  run.emit({ name: 'Voted', fields: { network: at.network, epoch: number, round, seats, reached } })
})

const finalize = handler(finalizeForm, (run) => {
  const { at, slot } = run
  const network = run.load(networkForm, at.network)
  requireThat(network.started, 'NotStarted')
  requireRunning(network, slot)
  const number = network.lastFinal + 1
  const epoch = loadEpoch(run, number)
  requireSealed(epoch)
  requireThat(epoch.votedSlot > 0, 'NoQuorum')
  requireThat(slot >= epoch.votedSlot + epoch.dispute, 'DisputeNotOver')
  const root: FinalRoot = { ...epoch.candidate, epoch: number, slot }
  const [paid, charged] = [root.accounts.total, root.jobs.total]
  if (!covers(network.totals, charged)) {
    beginRound(run, epoch)
    return
  }
  run.save(epochForm, at.epoch(number), { ...epoch, state: 'final' })
  const totals = { ...network.totals, paid, charged }
  const roots = network.roots.with(ringOf(number, KEPT_ROOTS), root)
  run.save(networkForm, at.network, { ...network, lastFinal: number, roots, totals })
  const next = loadEpoch(run, number + 1)
  const known = { ...next, previousFinalSlot: slot, seats: withActivity(next.seats, epoch) }
  run.save(epochForm, at.epoch(number + 1), withTarget(known, network))
  const { attestation } = root
  run.emit({
    name: 'Finalized',
    fields: { network: at.network, epoch: number, slot, attestation, paid, charged },
  })
})

export const epochHandlers: readonly Handler[] = [seal, propose, nextRound, vote, finalize]
