// What a stage is told in every slot: the newest state of the chain that is known, and what slot it is by now.
import { type AsOf, type Epoch, type NetworkState, paramsOf, startOf } from '@piecework/chain'

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

export interface Working {
  readonly number: number
  /** S_e. */
  readonly startsAt: number
  /** S_{e+1}; Infinity until the epoch before is sealed. */
  readonly endsAt: number
  /** The first slot in which no row is signed for it any more: its last batch must arrive in time. */
  readonly closesAt: number
}

/** The epoch whose work is under way; undefined before the network's start. Its account is written after it begins. */
export function workingEpoch({ slot, state: { network } }: Moment): Working | undefined {
  const newest = network.nextSeal + 1
  const number = [newest, network.nextSeal].find((one) => slot >= (startOf(network, one) ?? Infinity))
  if (number === undefined) return undefined
  const startsAt = startOf(network, number) ?? Infinity
  const endsAt = startOf(network, number + 1) ?? Infinity
  const closesAt = endsAt - paramsOf(network, number).margin - CONFIRMED_SLOTS
  return { number, startsAt, endsAt, closesAt }
}

/** Epochs of which verifiers still take batches, ascending. */
export function takenEpochs(moment: Moment): readonly number[] {
  const { slot, state } = moment
  const { network } = state
  const working = workingEpoch(moment)?.number ?? -1
  return [network.nextSeal, network.nextSeal + 1].filter((number) => {
    const end = startOf(network, number + 1) ?? Infinity
    return number <= working && slot < end + paramsOf(network, number).grace
  })
}

/** Until this slot its checkers wait for outputs; undefined before the seal. */
export function deliveryEnd({ state, sealedSlot, challenge }: Epoch): number | undefined {
  return state === 'sealed' ? sealedSlot + challenge : undefined
}

/** Slots between asking others the same thing twice. */
export function slotsBetween({ state }: Pick<Moment, 'state'>): number {
  const { length } = paramsOf(state.network, state.network.nextSeal)
  return Math.max(LEAST_SLOTS_BETWEEN, Math.floor(length / ASKS_AN_EPOCH))
}

/** Stages are told that time has passed so often: what they wait for is counted in twice as many. */
export function slotsBetweenTellings(state: NetworkState): number {
  return Math.floor(slotsBetween({ state }) / 2)
}

/** Of an epoch. What changes while nothing is being settled (a pause, the roster) may be noticed half a minute late. */
const QUIET_READINGS_AN_EPOCH = 10

/**
 * Endpoints count what they answer, and a home pays for what it reads. Once every epoch that has ended is final, nothing
 * happens on chain until the one under way ends.
 */
export function slotsBetweenReadings({ slot, value: state }: AsOf<NetworkState>): number {
  const { network } = state
  const often = slotsBetweenTellings(state)
  const end = startOf(network, network.nextSeal + 1)
  if (end === undefined || network.lastFinal + 1 < network.nextSeal) return often
  const { length } = paramsOf(network, network.nextSeal)
  return Math.max(often, Math.min(Math.floor(length / QUIET_READINGS_AN_EPOCH), end - slot))
}
