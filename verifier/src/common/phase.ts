import { type Epoch, paramsOf } from '@piecework/chain'
import { phaseAt } from '@piecework/protocol'
import type { Moment } from './moment.ts'

/** In which phase an epoch is, in the words of the protocol. */
export function phaseOf({ slot, state }: Moment, epoch: Epoch): string {
  const known = (value: number): number | undefined =>
    value > 0 && Number.isFinite(value) ? value : undefined
  const { length, round, dispute, ...durations } = paramsOf(state.network, epoch.number)
  const times = {
    start: epoch.startsAt,
    end: known(epoch.endsAt),
    target: known(epoch.target),
    sealedSlot: known(epoch.sealedSlot),
    round: { number: epoch.round, start: epoch.roundFrom },
    votedSlot: known(epoch.votedSlot),
    finalSlot: undefined,
  }
  return phaseAt(slot, times, { ...durations, epochSlots: length, round, dispute }).name
}
