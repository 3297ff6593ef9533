// What the deals of several epochs ask of the chain, up to the one that is running: known from its first slot on, but for
// the jobs that open while it runs.
import type { DealFacts } from '@piecework/protocol'
import type { Epoch } from '../accounts/epoch.ts'
import { paramsOf, startOf } from '../accounts/network.ts'
import { bytesOf } from '../address.ts'
import { ChainError } from '../errors.ts'
import type { Chain } from '../port.ts'
import { jobFacts } from './job-facts.ts'
import type { FoundJob } from './jobs.ts'
import type { NetworkState } from './network.ts'
import { factParams } from './param-facts.ts'

export interface ChainDealFacts extends Omit<DealFacts, 'kinds'> {
  /** `kindsCodec` bytes of this hash say the kinds. */
  readonly kindsHash: Uint8Array
}

export interface DealFactsWanted {
  readonly state: NetworkState
  /** All of the network, read no earlier than the state. */
  readonly jobs: readonly FoundJob[]
  /** First and last epoch. */
  readonly from: number
  readonly to: number
  /** How many jobs the facts before the first epoch have named. */
  readonly known: number
}

/** Of each epoch from the first to the last. */
export function dealFactsOf({ at }: Pick<Chain, 'at'>, wanted: DealFactsWanted): readonly ChainDealFacts[] {
  const { state, jobs, from, to } = wanted
  let { known } = wanted
  const all: ChainDealFacts[] = []
  for (let number = from; number <= to; number++) {
    const params = paramsOf(state.network, number)
    const startsAt = startSlot(state, number)
    const window = {
      epoch: { number, startsAt, endsAt: startOf(state.network, number + 1) ?? Infinity },
      closedFrom: number === 0 ? 0 : startSlot(state, number - 1),
      known,
      given: state.network.nextJob,
    }
    const facts = {
      networkId: bytesOf(at.network),
      epoch: number,
      startSlot: startsAt,
      dealSeed: sealed(state, number - 2).seed,
      params: factParams(params),
      kindsHash: params.kindsHash,
      ...jobFacts(jobs, window),
    }
    known += facts.created.length
    all.push(facts)
  }
  return all
}

function startSlot({ network, epochs }: NetworkState, number: number): number {
  const start = startOf(network, number) ?? epochs.find((epoch) => epoch.number === number)?.startsAt
  if (start !== undefined) return start
  throw missing(`the start of epoch ${number} is not known`, number)
}

function sealed({ epochs }: NetworkState, number: number): Epoch {
  const epoch = epochs.find((one) => one.number === number)
  if (epoch !== undefined && (epoch.state === 'sealed' || epoch.state === 'final')) return epoch
  throw missing(`epoch ${number}, whose seed deals, is not sealed or no longer kept`, number)
}

function missing(why: string, epoch: number): ChainError {
  return new ChainError('facts/too-early', `There is no deal yet: ${why}. Ask again later.`, { epoch })
}
