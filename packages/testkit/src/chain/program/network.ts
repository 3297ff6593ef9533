// Making a network, starting it, pausing it.
import {
  createNetworkForm,
  EPOCH_RING,
  type Epoch,
  epochForm,
  type Network,
  networkAddress,
  networkForm,
  type Params,
  paramsOf,
  pauseForm,
  resumeForm,
  ringOf,
  rosterForm,
  startForm,
  TOKEN_PROGRAM,
} from '@piecework/chain'
import { epochSeed } from '@piecework/protocol'
import { type Run, requireThat } from '../run.ts'
import { tokenBytes } from '../tokens.ts'
import { blank, blankEpoch } from './blank.ts'
import { type Handler, handler } from './handler.ts'
import { seatsIn } from './seats.ts'

/** The epoch whose work phase runs in this slot; before the start the first one. */
export function currentEpoch({ started, nextSeal, starts }: Network, slot: number): number {
  if (!started) return 0
  const newest = nextSeal + 1
  return slot >= (starts[ringOf(newest, EPOCH_RING)] ?? Infinity) ? newest : nextSeal
}

export function paramsNow(network: Network, slot: number): Params {
  return paramsOf(network, currentEpoch(network, slot))
}

export function requireRunning({ pauseUntil }: Network, slot: number): void {
  requireThat(slot >= pauseUntil, 'Paused')
}

const create = handler(createNetworkForm, (run, { accounts, args, signers }) => {
  const { at } = run
  requireThat(signers.has(accounts.creator), 'NotSigner')
  const place = networkAddress(at.programId, accounts.creator, args.nameHash)
  requireThat(accounts.network === place && place === at.network, 'WrongAddress')
  const network: Network = {
    ...blank(networkForm),
    creator: accounts.creator,
    authority: accounts.creator,
    nameHash: args.nameHash,
    genesisHash: args.genesisHash,
    mint: accounts.mint,
    roster: at.roster,
    vault: at.vault,
    stakeVault: at.stakeVault,
    params: args.params,
    nextParams: args.params,
    nextParamsFrom: Infinity,
    lastFinal: -1,
  }
  run.create(networkForm, at.network, network)
  run.create(rosterForm, at.roster, { ...blank(rosterForm), network: at.network })
  for (let ring = 0; ring < EPOCH_RING; ring++) {
    // No epoch has this number; start writes -2, -1, 0 and 1.
    run.create(epochForm, at.epoch(ring), blankEpoch(ring - 2 * EPOCH_RING, at.network))
  }
  for (const vault of [at.vault, at.stakeVault]) {
    run.put(vault, TOKEN_PROGRAM, tokenBytes({ mint: accounts.mint, owner: vault, amount: 0n }))
  }
  const { authority, mint } = network
  run.emit({ name: 'NetworkCreated', fields: { network: at.network, authority, mint } })
})

export function authorised(
  run: Run,
  { signers, accounts }: { signers: ReadonlySet<string>; accounts: { authority: string } },
): Network {
  const network = run.load(networkForm, run.at.network)
  requireThat(signers.has(accounts.authority), 'NotSigner')
  requireThat(network.authority === accounts.authority, 'NotAuthority')
  return network
}

const start = handler(startForm, (run, given) => {
  const { at, slot, networkId } = run
  const network = authorised(run, given)
  requireThat(!network.started, 'AlreadyStarted')
  const { params } = network
  const startsAt = slot + params.margin
  const endsAt = startsAt + params.length
  const seats = seatsIn(run.load(rosterForm, at.roster), { epoch: 0, leastActive: endsAt })
  requireThat(seats.seatCount > 0, 'NoVerifiers')
  const [newest] = run.hashes
  requireThat(newest !== undefined, 'NoSlotHash')
  for (const number of [-2, -1]) {
    const seed = epochSeed(newest.hash, networkId, number)
    run.save(epochForm, at.epoch(number), { ...blankEpoch(number, at.network), seed, state: 'final' })
  }
  run.save(epochForm, at.epoch(0), {
    ...openEpoch(run, network, { number: 0, startsAt, endsAt }),
    ...seats,
    previousFinalSlot: slot,
  })
  run.save(epochForm, at.epoch(1), {
    ...blankEpoch(1, at.network),
    startsAt: endsAt,
    endsAt: Infinity,
    target: Infinity,
  })
  run.save(networkForm, at.network, { ...network, started: true, starts: [startsAt, endsAt, 0, 0] })
  run.emit({ name: 'Started', fields: { network: at.network, startsAt, endsAt } })
})

/** An epoch that has its snapshot: its phases are those of its parameters. */
export function openEpoch(
  run: Run,
  network: Network,
  { number, startsAt, endsAt }: Pick<Epoch, 'number' | 'startsAt' | 'endsAt'>,
): Epoch {
  const { grace, inventory, margin, challenge, commit, reveal, round, dispute } = paramsOf(network, number)
  return {
    ...blankEpoch(number, run.at.network),
    ...{ grace, inventory, margin, challenge, commit, reveal, dispute },
    roundSlots: round,
    state: 'open',
    startsAt,
    endsAt,
    target: Infinity,
  }
}

const pause = handler(pauseForm, (run, given) => {
  const { at, slot } = run
  const network = authorised(run, given)
  requireThat(slot >= network.pauseAgainFrom, 'PauseTooSoon')
  const { maxPause } = paramsNow(network, slot)
  const pauseUntil = slot + maxPause
  run.save(networkForm, at.network, {
    ...network,
    pausedAt: slot,
    pauseUntil,
    pauseAgainFrom: pauseUntil + maxPause,
  })
  run.emit({ name: 'Paused', fields: { network: at.network, until: pauseUntil } })
})

const resume = handler(resumeForm, (run, given) => {
  const { at, slot } = run
  const network = authorised(run, given)
  requireThat(slot < network.pauseUntil, 'NotPaused')
  const pauseAgainFrom = slot + (slot - network.pausedAt)
  run.save(networkForm, at.network, { ...network, pauseUntil: slot, pauseAgainFrom })
  run.emit({ name: 'Resumed', fields: { network: at.network, slot } })
})

export const networkHandlers: readonly Handler[] = [create, start, pause, resume]
