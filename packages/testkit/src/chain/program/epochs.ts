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
  type Roster,
  ringOf,
  rootOf,
  rosterForm,
  sealEpochForm,
  seatsOf,
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
  const roster = withActivity(run.load(rosterForm, at.roster), epoch)
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

function withActivity(roster: Roster, epoch: Epoch): Roster {
  const active = new Map(seatsOf(epoch).map(({ id, activeSlot }) => [id, activeSlot]))
  const entries = entriesOf(roster).map((entry) => ({
    ...entry,
    activeSlot: Math.max(entry.activeSlot, active.get(entry.id) ?? 0),
  }))
  return { ...roster, entries: [...entries, ...roster.entries.slice(entries.length)] }
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
  requireThat(epoch.state === 'sealed', 'NotSealed')
  requireThat(epoch.round === round, 'WrongRound')
  requireThat(slot >= epoch.roundFrom, 'ProposeTooEarly')
  requireThat(equalBytes(epoch.candidate.attestation, ZERO_HASH), 'AlreadyProposed')
  const place = placeOf(epoch, accounts.proposer)
  const drawn = drawProposer({ seed: epoch.seed, round, candidates: seatsOf(epoch) })
  requireThat(place >= 0 && seatsOf(epoch)[place]?.id === drawn, 'NotProposer')
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

function requireLedgers({ roots, lastFinal, totals }: Network, args: ProposeArgs): void {
  const latest = lastFinal < 0 ? undefined : roots[ringOf(lastFinal, KEPT_ROOTS)]
  for (const name of ['accounts', 'jobs', 'slashes'] as const) {
    const [ledger, before] = [args[name], latest?.[name] ?? NO_LEDGER]
    requireThat(isLedger(ledger), 'BadLedger')
    requireThat(ledger.count >= before.count, 'CountShrinks')
    requireThat(ledger.total >= before.total, 'TotalShrinks')
  }
  requireThat(args.accounts.total <= args.jobs.total, 'PaidAboveCharged')
  requireThat(args.jobs.total + totals.refunded <= totals.deposited, 'ChargedAboveDeposited')
}

function isLedger({ root, count, total }: LedgerRoot): boolean {
  return count > 0 ? count <= 2 ** 32 : total === 0n && equalBytes(root, ZERO_HASH)
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
  const { at, slot } = run
  const epoch = loadEpoch(run, args.number)
  requireThat(epoch.state !== 'final', 'EpochFinal')
  requireThat(epoch.state === 'sealed', 'NotSealed')
  requireThat(epoch.round === args.round, 'WrongRound')
  requireThat(epoch.votedSlot === 0, 'QuorumReached')
  requireThat(slot >= epoch.roundFrom + epoch.roundSlots, 'RoundNotOver')
  const round = epoch.round + 1
  run.save(epochForm, at.epoch(args.number), {
    ...epoch,
    round,
    roundFrom: slot,
    candidate: NO_CANDIDATE,
    voteMask: 0n,
    stakeVoted: 0n,
  })
  run.emit({ name: 'RoundBegan', fields: { network: at.network, epoch: args.number, round, slot } })
})

const vote = handler(voteForm, (run, { accounts, args, voters, signers }) => {
  const { at, slot } = run
  const { attestation } = args
  let epoch = run.load(epochForm, accounts.epoch)
  requireThat(epoch.state !== 'final', 'EpochFinal')
  requireThat(epoch.state === 'sealed', 'NotSealed')
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
  requireThat(epoch.state === 'sealed', 'NotSealed')
  requireThat(epoch.votedSlot > 0, 'NoQuorum')
  requireThat(slot >= epoch.votedSlot + epoch.dispute, 'DisputeNotOver')
  const root: FinalRoot = { ...epoch.candidate, epoch: number, slot }
  const [paid, charged] = [root.accounts.total, root.jobs.total]
  run.save(epochForm, at.epoch(number), { ...epoch, state: 'final' })
  const totals = { ...network.totals, paid, charged }
  const roots = network.roots.with(ringOf(number, KEPT_ROOTS), root)
  run.save(networkForm, at.network, { ...network, lastFinal: number, roots, totals })
  const next = loadEpoch(run, number + 1)
  run.save(epochForm, at.epoch(number + 1), withTarget({ ...next, previousFinalSlot: slot }, network))
  const { attestation } = root
  run.emit({
    name: 'Finalized',
    fields: { network: at.network, epoch: number, slot, attestation, paid, charged },
  })
})

export const epochHandlers: readonly Handler[] = [seal, propose, nextRound, vote, finalize]
