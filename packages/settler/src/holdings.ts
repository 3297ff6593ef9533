// Says on chain who holds a job, so that it opens: for jobs that verifiers offer to hold and that are not open yet.
import {
  type Address,
  type AsOf,
  addressOf,
  type Chain,
  type Epoch,
  type Job,
  MAX_ACCOUNTS_READ,
  type NetworkState,
  postHoldings,
  read,
  type Seat,
  seatsOf,
  type Wanted as WantedAccount,
  wantJob,
} from '@piecework/chain'
import type { Gather } from './gather.ts'
import type { Outbox } from './outbox.ts'
import type { Verifiers } from './verifiers.ts'

/** The job's account takes the place of the values that other posts carry. */
const HOLDERS_AT_ONCE = 7
/** A requester waits, but no phase ends. */
const SIGNING_MS = 1_000

export interface HoldingsOptions {
  readonly chain: Chain
  readonly outbox: Outbox
  readonly gather: Gather
  readonly verifiers: Verifiers
}

interface Holder {
  readonly seat: Seat
  readonly epoch: number
}

export class Holdings {
  readonly #options: HoldingsOptions

  constructor(options: HoldingsOptions) {
    this.#options = options
  }

  async step({ slot, value }: AsOf<NetworkState>): Promise<void> {
    const offered = this.#offered(value)
    if (offered.size === 0) return
    const jobs = await this.#unopened([...offered.keys()].slice(0, MAX_ACCOUNTS_READ))
    for (const [address, job] of jobs) this.#post(job, { address, holders: offered.get(address) ?? [], slot })
  }

  /** Who offers to hold which job; each weighs in the newest epoch that it has a seat in and offers it for. */
  #offered({ epochs }: NetworkState): ReadonlyMap<Address, readonly Holder[]> {
    const offered = new Map<Address, Holder[]>()
    for (const epoch of epochs.filter(isRunning)) {
      for (const seat of seatsOf(epoch)) {
        for (const offer of this.#options.gather.offersOf(seat.voteKey)) {
          if (offer.what !== 'holding' || offer.epoch !== epoch.number) continue
          const address = addressOf(offer.job)
          offered.set(address, [...(offered.get(address) ?? []), { seat, epoch: epoch.number }])
        }
      }
    }
    return offered
  }

  async #unopened(addresses: readonly Address[]): Promise<readonly (readonly [Address, Job])[]> {
    const { chain } = this.#options
    const wants = addresses.map((address): [string, WantedAccount<Job | undefined>] => [
      address,
      ifJob(wantJob(chain.at, address)),
    ])
    const { value } = await read(chain, Object.fromEntries(wants))
    return addresses.flatMap((address) => {
      const job = value[address]
      return job !== undefined && job.openSlot === 0 && job.closeSlot === 0 ? [[address, job] as const] : []
    })
  }

  #post(
    job: Job,
    { address, holders, slot }: { address: Address; holders: readonly Holder[]; slot: number },
  ) {
    const { chain, outbox, verifiers } = this.#options
    const known = new Set(job.holders.slice(0, job.holderCount))
    const keyOf = ({ seat }: Holder): string => `holding:${address}:${seat.voteKey}`
    const missing = holders.filter(
      (holder) => !known.has(holder.seat.id) && !outbox.isUnderWay(keyOf(holder), slot),
    )
    const [first] = missing
    if (first === undefined) return
    const together = missing.filter(({ epoch }) => epoch === first.epoch).slice(0, HOLDERS_AT_ONCE)
    const voteKeys = together.map(({ seat }) => seat.voteKey)
    void outbox.send({
      what: 'holdings',
      keys: together.map(keyOf),
      slot,
      instructions: [postHoldings(chain.at, { number: first.epoch, job: address, voteKeys })],
      signers: voteKeys.map((voteKey) => verifiers.signer(voteKey, SIGNING_MS)),
    })
  }
}

/** In an epoch that is not final seats weigh. */
function isRunning({ state }: Epoch): boolean {
  return state === 'open' || state === 'sealed'
}

/** Whatever else a verifier calls a job is none. */
function ifJob(wanted: WantedAccount<Job>): WantedAccount<Job | undefined> {
  const decode: WantedAccount<Job | undefined>['decode'] = (raw) => {
    try {
      return wanted.decode(raw)
    } catch {
      return undefined
    }
  }
  return { address: wanted.address, decode }
}
