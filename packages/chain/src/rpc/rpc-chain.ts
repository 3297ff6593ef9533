// The chain over Solana's JSON-RPC.
import { Buffer } from 'node:buffer'
import type { RawAccount } from '../accounts/form.ts'
import type { Address } from '../address.ts'
import { addressesOf, type NetworkAddresses } from '../addresses.ts'
import { EstimatedClock } from '../clock.ts'
import { ChainError, unlessDefect } from '../errors.ts'
import { stoppedError } from '../limit.ts'
import {
  type AccountSearch,
  type AsOf,
  type Chain,
  type Commitment,
  type FoundAccount,
  type LandedTransaction,
  MAX_ACCOUNTS_READ,
  type SendOutcome,
  type SendRequest,
  type SlotClock,
  type Unsubscribe,
} from '../port.ts'
import type { RpcPorts } from '../ports.ts'
import { Endpoint } from './endpoint.ts'
import {
  getAccounts,
  getRent,
  getSlot,
  getTransaction,
  type ReadOptions,
  searchAccounts,
  type TransactionAnswer,
} from './methods.ts'
import { Notices } from './notices.ts'
import { type RpcOptions, type RpcSettings, settingsOf } from './options.ts'
import { alike, closest, Pool } from './pool.ts'
import { Sender } from './sender.ts'
import { transactionError } from './transaction-error.ts'
import { watchAccount } from './watch.ts'

/** Endpoints that are well are seldom more than two slots apart: with more, the clock would be of no use. */
const SLOT_SPREAD = 8

export interface RpcChain extends Chain {
  /** Reads the slot once, and goes on reading it until `stop`; throws what is wrong with the endpoints. */
  start(): Promise<void>
  /** Ends everything that waits, with an error. May be called twice. */
  stop(): Promise<void>
}

export function rpcChain(options: RpcOptions, ports: RpcPorts): RpcChain {
  return new JsonRpcChain(settingsOf(options), ports)
}

class JsonRpcChain implements RpcChain {
  readonly at: NetworkAddresses
  readonly #settings: RpcSettings
  readonly #ports: RpcPorts
  readonly #stopped = new AbortController()
  readonly #clock: EstimatedClock
  readonly #pool: Pool
  readonly #notices: Notices
  readonly #sender: Sender
  readonly #slotListeners = new Set<(slot: number) => void>()
  /** The latest slot of which something was read: nothing older is shown after it. */
  readonly #shown = { confirmed: 0, finalized: 0 }
  #polling: Promise<void> | undefined

  constructor(settings: RpcSettings, ports: RpcPorts) {
    const { programId, network, slotMs, fastestSlotMs, agree, sendMs, timeoutMs } = settings
    const { time, random, openSocket } = ports
    const stopped = this.#stopped.signal
    const cluster = { genesis: settings.genesis }
    this.at = addressesOf(programId, network)
    this.#settings = settings
    this.#ports = ports
    this.#clock = new EstimatedClock({ time, slotMs, fastestSlotMs })
    const endpoints = settings.endpoints.map(
      ({ url }) => new Endpoint({ url, timeoutMs, cluster, stopped }, ports),
    )
    this.#pool = new Pool({ endpoints, time, random, stopped })
    const urls = settings.endpoints.map(({ wsUrl }) => wsUrl)
    this.#notices = new Notices({ urls, time, random, openSocket, stopped })
    this.#sender = new Sender({
      pool: this.#pool,
      time,
      stopped,
      agree,
      sendMs,
      fastestSlotMs,
      maxSlot: () => this.#clock.ceiling(),
      hint: (signature, commitment, listener) =>
        this.#notices.subscribe({ method: 'signature', params: [signature, { commitment }], listener }),
    })
  }

  get clock(): SlotClock {
    return this.#clock
  }

  async start(): Promise<void> {
    await this.#readSlot()
    this.#polling ??= this.#pollSlots()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#polling
  }

  async accounts(
    addresses: readonly Address[],
    commitment: Commitment = 'confirmed',
  ): Promise<AsOf<readonly (RawAccount | undefined)[]>> {
    if (addresses.length > MAX_ACCOUNTS_READ) {
      const message = `${addresses.length} accounts can't be read as of one slot: ask for at most ${MAX_ACCOUNTS_READ}`
      throw new ChainError('option/invalid', message)
    }
    return this.#agreed(commitment, {
      what: 'these accounts',
      ask: (endpoint, options) => getAccounts(endpoint, addresses, options),
      contentOf: (accounts) => accounts.map(contentOf).join(),
    })
  }

  async search(
    search: AccountSearch,
    commitment: Commitment = 'confirmed',
  ): Promise<AsOf<readonly FoundAccount[]>> {
    const { programId } = this.at
    return this.#agreed(commitment, {
      what: "the program's accounts",
      ask: (endpoint, options) => searchAccounts(endpoint, { ...search, programId }, options),
      contentOf: (found) => found.map(({ address, account }) => `${address}:${contentOf(account)}`).join(),
    })
  }

  async transaction(
    signature: string,
    commitment: Commitment = 'confirmed',
  ): Promise<LandedTransaction | undefined> {
    const { agree } = this.#settings
    const found = await this.#pool.ask({
      what: `the transaction ${signature}`,
      need: agree,
      ask: async (endpoint): Promise<AsOf<TransactionAnswer | null>> => ({
        slot: 0,
        value: await getTransaction(endpoint, signature, commitment),
      }),
      decide: alike(agree, (answer) => JSON.stringify(answer)),
    })
    if (found.value === null) return undefined
    const { slot, err, logs } = found.value
    return { slot, logs, error: err === null ? undefined : transactionError({ err, logs }) }
  }

  rent(bytes: number): Promise<number> {
    return this.#pool.any('the rent', (endpoint) => getRent(endpoint, bytes))
  }

  async send(request: SendRequest): Promise<SendOutcome> {
    if (this.#stopped.signal.aborted) throw stoppedError()
    const outcome = await this.#sender.send(request)
    // What was done is to be seen by whoever reads next.
    if (outcome.kind === 'landed') this.#show(request.commitment ?? 'confirmed', outcome.slot)
    return outcome
  }

  onSlot(listener: (slot: number) => void): Unsubscribe {
    this.#slotListeners.add(listener)
    return () => this.#slotListeners.delete(listener)
  }

  onAccount(address: Address, listener: (account: AsOf<RawAccount | undefined>) => void): Unsubscribe {
    const read = async (): Promise<AsOf<RawAccount | undefined>> => {
      const { slot, value } = await this.accounts([address])
      return { slot, value: value[0] }
    }
    const { time } = this.#ports
    const ports = { time, stopped: this.#stopped.signal, notices: this.#notices }
    return watchAccount({ address, read, listener }, ports)
  }

  async #agreed<T>(commitment: Commitment, reading: Reading<T>): Promise<AsOf<T>> {
    const { agree } = this.#settings
    const asked = this.#ports.time.now()
    const decide = alike(agree, reading.contentOf)
    const answer = await this.#pool.ask({
      what: reading.what,
      need: agree,
      ask: (endpoint) => {
        const options = { commitment, minSlot: this.#shown[commitment], maxSlot: this.#clock.ceiling() }
        return reading.ask(endpoint, options)
      },
      // One that a later reading has overtaken is asked for again.
      decide: (answers: readonly AsOf<T>[]) => {
        const agreed = decide(answers)
        return agreed !== undefined && agreed.slot >= this.#shown[commitment] ? agreed : undefined
      },
    })
    this.#show(commitment, answer.slot)
    if (commitment === 'confirmed') this.#clock.observe(answer, asked)
    return { slot: answer.slot, value: answer.value }
  }

  /** What is final is confirmed, too. */
  #show(commitment: Commitment, slot: number): void {
    this.#shown.confirmed = Math.max(this.#shown.confirmed, slot)
    if (commitment === 'finalized') this.#shown.finalized = Math.max(this.#shown.finalized, slot)
  }

  async #readSlot(): Promise<void> {
    const { agree } = this.#settings
    const asked = this.#ports.time.now()
    const reading = await this.#pool.ask({
      what: 'the slot',
      need: agree,
      ask: (endpoint) => getSlot(endpoint, 'confirmed', this.#clock.ceiling()),
      decide: closest(agree, SLOT_SPREAD),
    })
    this.#clock.observe(reading, asked)
  }

  /** Reads the slot now and then, and tells the listeners each time that the clock has moved. */
  async #pollSlots(): Promise<void> {
    const { time } = this.#ports
    const { slotMs, slotPollMs } = this.#settings
    const stopped = this.#stopped.signal
    let [told, readAt] = [0, time.now()]
    while (!stopped.aborted) {
      if (time.now() - readAt >= slotPollMs) {
        readAt = time.now()
        // Without an answer the clock says how unsure it becomes, and the metrics of the calls say why.
        await this.#readSlot().catch(unlessDefect)
      }
      const slot = this.#clock.slot()
      if (slot > told) for (const listener of this.#slotListeners) listener(slot)
      told = slot
      await time.wait(Math.min(slotMs, slotPollMs), stopped)
    }
  }
}

interface Reading<T> {
  readonly what: string
  readonly ask: (endpoint: Endpoint, options: ReadOptions) => Promise<AsOf<T>>
  /** The same text for the same content, as of whatever slot. */
  readonly contentOf: (value: T) => string
}

function contentOf(account: RawAccount | undefined): string {
  if (account === undefined) return 'none'
  return `${account.owner} ${account.lamports} ${Buffer.from(account.data).toString('base64')}`
}
