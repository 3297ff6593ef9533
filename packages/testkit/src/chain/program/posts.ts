// What verifiers post: inventories, report commits, and that they hold a job.
import {
  type Address,
  type Epoch,
  epochForm,
  inMask,
  type Job,
  jobForm,
  networkForm,
  type PostArgs,
  postForm,
  seatsOf,
} from '@piecework/chain'
import { ZERO_HASH } from '@piecework/protocol'
import { type Run, requireThat } from '../run.ts'
import { loadEpoch, withTarget } from './epochs.ts'
import { type Handler, handler } from './handler.ts'
import { countedStake, moreThanOneThird, moreThanTwoThirds, placeOf, withBit, withSeat } from './seats.ts'

/** In a log line: about no job. */
const NO_JOB = 2 ** 32 - 1

const post = handler(postForm, (run, { accounts, args, voters, signers }) => {
  const epoch = loadEpoch(run, args.number)
  const places = voters.map((voter) => {
    const place = placeOf(epoch, voter)
    requireThat(signers.has(voter) && place >= 0, 'NotSeated')
    return place
  })
  const aboutJob = args.what === 'holding'
  requireThat(args.values.length === (aboutJob ? 0 : voters.length), 'WrongWhat')
  requireThat((accounts.job !== run.at.programId) === aboutJob, 'WrongWhat')
  if (aboutJob) hold(run, { epoch, places, job: accounts.job })
  else if (args.what === 'inventory') postInventories(run, { epoch, places, args })
  else postCommits(run, { epoch, places, args })
})

interface Values {
  readonly epoch: Epoch
  readonly places: readonly number[]
  readonly args: PostArgs
}

function postInventories(run: Run, { epoch, places, args }: Values): void {
  const { at, slot } = run
  requireThat(epoch.state !== 'final', 'EpochFinal')
  requireThat(slot >= epoch.endsAt, 'PostTooEarly')
  requireThat(epoch.state === 'open' && slot < epoch.target, 'PostTooLate')
  let next = epoch
  for (const [turn, place] of places.entries()) {
    requireThat(!inMask(next.inventoryMask, place), 'AlreadyPosted')
    const inventory = args.values[turn] ?? ZERO_HASH
    next = {
      ...next,
      inventoryMask: withBit(next.inventoryMask, place),
      stakePosted: next.stakePosted + countedStake(next, place),
      seats: withSeat(next, place, { inventory, activeSlot: slot }),
    }
  }
  const reached = next.quorumSlot === 0 && moreThanTwoThirds(next.stakePosted, next.stakeCounted)
  if (reached) next = withTarget({ ...next, quorumSlot: slot }, run.load(networkForm, at.network))
  run.save(epochForm, at.epoch(epoch.number), next)
  said(run, epoch, { args, seats: next.inventoryMask & ~epoch.inventoryMask, reached, job: NO_JOB })
}

function postCommits(run: Run, { epoch, places, args }: Values): void {
  const { at, slot } = run
  requireThat(epoch.state !== 'final', 'EpochFinal')
  requireThat(epoch.state === 'sealed', 'NotSealed')
  const from = epoch.sealedSlot + epoch.challenge
  requireThat(slot >= from, 'PostTooEarly')
  requireThat(slot < from + epoch.commit, 'PostTooLate')
  let next = epoch
  for (const [turn, place] of places.entries()) {
    requireThat(!inMask(next.commitMask, place), 'AlreadyPosted')
    const commit = args.values[turn] ?? ZERO_HASH
    const seats = withSeat(next, place, { commit, activeSlot: slot })
    next = { ...next, commitMask: withBit(next.commitMask, place), seats }
  }
  run.save(epochForm, at.epoch(epoch.number), next)
  said(run, epoch, { args, seats: next.commitMask & ~epoch.commitMask, reached: false, job: NO_JOB })
}

interface Holding {
  readonly epoch: Epoch
  readonly places: readonly number[]
  readonly job: Address
}

function hold(run: Run, { epoch, places, job: address }: Holding): void {
  const { slot } = run
  requireThat(epoch.state !== 'final', 'EpochFinal')
  const job = run.load(jobForm, address)
  requireThat(job.closeSlot === 0, 'JobClosed')
  requireThat(job.openSlot === 0, 'JobOpen')
  const held = new Set(job.holders.slice(0, job.holderCount))
  for (const place of places) {
    const { id } = seatsOf(epoch)[place] ?? { id: -1 }
    requireThat(!held.has(id), 'AlreadyPosted')
    held.add(id)
  }
  const stake = seatsOf(epoch).reduce(
    (sum, seat, place) => sum + (held.has(seat.id) ? countedStake(epoch, place) : 0n),
    0n,
  )
  const reached = moreThanOneThird(stake, epoch.stakeCounted)
  run.save(jobForm, address, withHolders(job, [...held], reached ? slot : 0))
  const seats = places.reduce(withBit, 0n)
  const args: PostArgs = { what: 'holding', number: epoch.number, values: [] }
  said(run, epoch, { args, seats, reached, job: job.index })
}

function withHolders(job: Job, holders: readonly number[], openSlot: number): Job {
  requireThat(holders.length <= job.holders.length, 'TooManyHolders')
  const all = job.holders.map((_, place) => holders[place] ?? 0)
  return { ...job, holders: all, holderCount: holders.length, openSlot }
}

interface Said {
  readonly args: PostArgs
  readonly seats: bigint
  readonly reached: boolean
  readonly job: number
}

function said(run: Run, { number }: Epoch, { args, ...about }: Said): void {
  const { network } = run.at
  run.emit({ name: 'Posted', fields: { network, epoch: number, what: args.what, ...about } })
}

export const postHandlers: readonly Handler[] = [post]
