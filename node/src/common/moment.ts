// What a stage is told in every slot: the newest state of the chain that is known, and what slot it is by now.
import { type Epoch, type NetworkState, paramsOf } from '@piecework/chain'

export interface Moment {
  /** Later than the state's while the chain can't be read. */
  readonly slot: number
  readonly state: NetworkState
}

/** What is confirmed is a slot old. */
const CONFIRMED_SLOTS = 1
/** Of an epoch, as often as a home asks others the same thing again: every six seconds of five minutes. */
const ASKS_AN_EPOCH = 50
/** At most every second slot: state is read no more than once a slot. */
const LEAST_SLOTS_BETWEEN = 2

/** The epoch whose work is under way; undefined before the network's start. */
export function workingEpoch({ slot, state }: Moment): Epoch | undefined {
  return state.epochs.findLast((epoch) => epoch.state !== 'empty' && epoch.startsAt <= slot)
}

/** The first slot in which no row is signed for an epoch any more: its last batch must arrive in time. */
export function closingSlot({ endsAt, margin }: Epoch): number {
  return endsAt - margin - CONFIRMED_SLOTS
}

/** Whether verifiers still take batches of it. */
export function takesBatches({ state, endsAt, grace }: Epoch, slot: number): boolean {
  return state === 'open' && slot < endsAt + grace
}

/** Until this slot its checkers wait for outputs; undefined before the seal. */
export function deliveryEnd({ state, sealedSlot, challenge }: Epoch): number | undefined {
  return state === 'sealed' ? sealedSlot + challenge : undefined
}

/** Slots between asking others the same thing twice. */
export function slotsBetween({ state }: Moment): number {
  const { length } = paramsOf(state.network, state.network.nextSeal)
  return Math.max(LEAST_SLOTS_BETWEEN, Math.floor(length / ASKS_AN_EPOCH))
}
