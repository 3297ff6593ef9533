// Seats that are taken out of an epoch's quorums, because nobody answers there.
import {
  dropInactiveForm,
  type Epoch,
  epochForm,
  inMask,
  type Network,
  networkForm,
  paramsOf,
  seatsOf,
} from '@piecework/chain'
import { type Run, requireThat } from '../run.ts'
import { loadEpoch, withTarget } from './epochs.ts'
import { type Handler, handler } from './handler.ts'
import { countedStake, moreThanTwoThirds, withBit } from './seats.ts'

const drop = handler(dropInactiveForm, (run, { args }) => {
  const { at, slot } = run
  const network = run.load(networkForm, at.network)
  const epoch = loadEpoch(run, args.number)
  requireThat(epoch.state !== 'final', 'EpochFinal')
  requireThat((epoch.state === 'sealed' ? epoch.votedSlot : epoch.quorumSlot) === 0, 'QuorumReached')
  requireThat(args.seats !== 0n && (args.seats & ~inactive(run, network, epoch)) === 0n, 'NotInactive')
  const left = without(epoch, args.seats)
  requireThat(2n * left.stakeCounted >= left.stakeTotal, 'TooFewLeft')
  run.save(epochForm, at.epoch(epoch.number), withQuorums(left, network, slot))
  const { number, stakeCounted } = left
  run.emit({
    name: 'Dropped',
    fields: { network: at.network, epoch: number, seats: args.seats, stakeCounted },
  })
})

/** The seats that have not done what the others wait for, and are gone for so long. */
function inactive({ slot }: Run, network: Network, epoch: Epoch): bigint {
  const { length, inactiveEpochs } = paramsOf(network, epoch.number)
  const sealed = epoch.state === 'sealed'
  if (!sealed && slot < epoch.endsAt + epoch.grace + epoch.inventory) return 0n
  const spared = (sealed ? epoch.voteMask : epoch.inventoryMask) | epoch.droppedMask
  const roundsFrom = epoch.sealedSlot + epoch.challenge + epoch.commit + epoch.reveal
  const gone = seatsOf(epoch).map(({ activeSlot }, place) => {
    const voteable = sealed && inMask(epoch.inventoryMask, place) ? roundsFrom : 0
    const seen = Math.max(activeSlot, network.pauseUntil, voteable)
    return slot >= seen + length * inactiveEpochs && !inMask(spared, place)
  })
  return gone.reduce((mask, is, place) => (is ? withBit(mask, place) : mask), 0n)
}

function without(epoch: Epoch, seats: bigint): Epoch {
  const left = { ...epoch, droppedMask: epoch.droppedMask | seats }
  const stakeOf = (mask: bigint): bigint =>
    seatsOf(left).reduce((sum, _, place) => (inMask(mask, place) ? sum + countedStake(left, place) : sum), 0n)
  const all = seatsOf(left).reduce((mask, _, place) => withBit(mask, place), 0n)
  return {
    ...left,
    stakeCounted: stakeOf(all),
    stakePosted: stakeOf(left.inventoryMask),
    stakeVoted: stakeOf(left.voteMask),
  }
}

/** The slot in which dropping makes a quorum is that quorum's slot. */
function withQuorums(epoch: Epoch, network: Network, slot: number): Epoch {
  const { stakeCounted, stakePosted, stakeVoted } = epoch
  if (epoch.state === 'sealed')
    return moreThanTwoThirds(stakeVoted, stakeCounted) ? { ...epoch, votedSlot: slot } : epoch
  if (!moreThanTwoThirds(stakePosted, stakeCounted)) return epoch
  return withTarget({ ...epoch, quorumSlot: slot }, network)
}

export const inactiveHandlers: readonly Handler[] = [drop]
