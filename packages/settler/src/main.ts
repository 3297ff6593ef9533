// A settler: follows the network, and in every slot pushes on what is due, asks verifiers what they want on chain, and
// brings it there. Between slots it carries claims.
import type { Daemon } from '@piecework/api'
import {
  type Address,
  type AsOf,
  bytesOf,
  followNetwork,
  type NetworkState,
  SLOT_MS,
  seatsOf,
  type Unsubscribe,
} from '@piecework/chain'
import { protocols } from '@piecework/network'
import type { SettlingOptions } from './config.ts'
import { Cranks } from './crank.ts'
import { Gather } from './gather.ts'
import { Holdings } from './holdings.ts'
import { Outbox } from './outbox.ts'
import type { SettlerPorts } from './ports.ts'
import { Post } from './post.ts'
import { Purse } from './purse.ts'
import { Relay } from './relay/relay.ts'
import { type SettlerStatus, statusOf } from './status.ts'
import { Tally } from './tally.ts'
import { Turns } from './turns.ts'
import { Verifiers } from './verifiers.ts'
import { windowsAt } from './windows.ts'

/** Part of a slot that answers are waited for: what comes later goes with the next. */
const PATIENCE = 0.5
/** Verifiers are asked that many slots before a window opens, so that its first slot is not lost. */
const AHEAD_SLOTS = 2
/** When no window is open, they are asked that often whether they hold a new job: a requester waits for seconds. */
const HOLDING_SLOTS = 5
/** What is under way when it stops gets so long; the chain's client ends the rest. */
const STOP_MS = 2_000

export interface Settler extends Daemon {
  status(): SettlerStatus
}

export function makeSettler(options: SettlingOptions, ports: SettlerPorts): Settler {
  return new MadeSettler(options, ports)
}

class MadeSettler implements Settler {
  readonly #ports: SettlerPorts
  readonly #stopped = new AbortController()
  readonly #tally: Tally
  readonly #purse: Purse
  readonly #outbox: Outbox
  readonly #gather: Gather
  readonly #post: Post
  readonly #holdings: Holdings
  readonly #cranks: Cranks
  readonly #relay: Relay
  #state: AsOf<NetworkState> | undefined
  #error: string | undefined
  #running: readonly Unsubscribe[] = []

  constructor(options: SettlingOptions, ports: SettlerPorts) {
    const { chain, wallet, time, log, metrics } = ports
    const { relay: terms, lowBalance: low, priority } = options
    const stopped = this.#stopped.signal
    const tally = new Tally(metrics)
    const turns = new Turns({ key: bytesOf(wallet.address), slotMs: SLOT_MS, time })
    const verifiers = new Verifiers(ports)
    const purse = new Purse({ chain, wallet: wallet.address, log, low, metrics })
    const outbox = new Outbox({ chain, wallet, log, tally, turns, priority, stopped })
    const gather = new Gather({ verifiers, time, log, tally, patienceMs: PATIENCE * SLOT_MS, stopped })
    const post = new Post({ chain, outbox, gather, verifiers, slotMs: SLOT_MS, priority })
    const network = () => this.#state?.value.network
    this.#ports = ports
    this.#tally = tally
    this.#purse = purse
    this.#outbox = outbox
    this.#gather = gather
    this.#post = post
    this.#holdings = new Holdings({ chain, outbox, gather, verifiers })
    this.#cranks = new Cranks({ chain, wallet, outbox, post, turns })
    this.#relay = new Relay({ terms, chain, wallet, time, log, tally, purse, priority, network })
  }

  async start(): Promise<void> {
    const { chain, network } = this.#ports
    const follower = {
      onState: (state: AsOf<NetworkState>) => this.#step(state),
      onError: (error: unknown) => this.#noteError(error),
    }
    this.#running = [
      network.answer(protocols.relay, (question) => this.#relay.carry(question)),
      followNetwork(chain, follower),
    ]
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    for (const end of this.#running) end()
    this.#running = []
    const waited = new AbortController()
    await Promise.race([this.#outbox.idle(), this.#ports.time.wait(STOP_MS, waited.signal)])
    waited.abort()
  }

  status(): SettlerStatus {
    const { address } = this.#ports.wallet
    return statusOf({ address, purse: this.#purse, tally: this.#tally, state: this.#state })
  }

  /** Once for each that is another than the last: the same one comes with every slot. */
  #noteError(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (message !== this.#error) this.#ports.log.warn('slot-failed', { message })
    this.#error = message
  }

  async #step(state: AsOf<NetworkState>): Promise<void> {
    this.#state = state
    this.#outbox.forget(state.slot)
    await this.#purse.step(state.slot)
    if (this.#purse.isEmpty) return
    // What is known since the last slot goes first.
    this.#post.step(state)
    await this.#cranks.step(state)
    const asked = whomToAsk(state)
    if (asked.length === 0) return
    this.#gather.keep(seated(state.value))
    await this.#gather.ask(asked)
    this.#post.step(state)
    await this.#holdings.step(state)
    this.#error = undefined
  }
}

function whomToAsk({ slot, value }: AsOf<NetworkState>): readonly Address[] {
  if (slot % HOLDING_SLOTS === 0) return [...seated(value)]
  const now = windowsAt(value, slot + 1)
  const soon = windowsAt(value, slot + 1 + AHEAD_SLOTS)
  return [...new Set([...now, ...soon].flatMap(({ missing }) => missing.map(({ voteKey }) => voteKey)))]
}

/** Vote keys that weigh in an epoch that is not final. */
function seated({ epochs }: NetworkState): ReadonlySet<Address> {
  const running = epochs.filter(({ state }) => state === 'open' || state === 'sealed')
  return new Set(running.flatMap((epoch) => seatsOf(epoch).map(({ voteKey }) => voteKey)))
}
