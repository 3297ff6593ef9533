// The chain in memory: the same port, the same instructions and accounts, and a model of the program that is enough for
// daemons to be tested against. A test moves its slots by hand.
import {
  type AccountSearch,
  type Address,
  type AsOf,
  addressesOf,
  addressOf,
  associatedTokens,
  type Chain,
  ChainError,
  type Commitment,
  type FoundAccount,
  type LandedTransaction,
  logsOf,
  MAX_ACCOUNTS_READ,
  type NetworkAddresses,
  type RawAccount,
  type SendOutcome,
  type SendRequest,
  type SigningPorts,
  type SlotClock,
  SYSTEM_PROGRAM,
  signTransaction,
  TOKEN_PROGRAM,
  type Unsubscribe,
} from '@piecework/chain'
import { play } from './program/program.ts'
import { Run } from './run.ts'
import { Slots } from './slots.ts'
import { tokenBytes } from './tokens.ts'

/** Lamports a byte, and the bytes that an account has besides its data: the cluster's numbers. */
const RENT_PER_BYTE = 6_960
const RENT_OVERHEAD_BYTES = 128
/** After as many slots nothing that somebody waits for can still be on its way. */
const MAX_TICKS_DURING = 10_000

export interface MemoryChainOptions {
  readonly programId: Address
  readonly network: Address
}

interface Sent {
  readonly request: SendRequest
  readonly signature: string
  readonly settle: (outcome: SendOutcome) => void
}

interface AccountListener {
  readonly address: Address
  readonly listener: (account: AsOf<RawAccount | undefined>) => void
  told: RawAccount | undefined | 'nothing'
}

/** Signers here answer, or the test is at fault: no time passes meanwhile. */
const SIGNING: SigningPorts = {
  time: { now: () => 0, wait: (_, signal) => untilAborted(signal) },
  stopped: new AbortController().signal,
}

export class MemoryChain implements Chain {
  readonly at: NetworkAddresses
  readonly clock: SlotClock = { slot: () => this.#slots.at('confirmed'), uncertainty: () => 0 }
  readonly #slots = new Slots()
  readonly #landed = new Map<string, { readonly slot: number; readonly logs: readonly string[] }>()
  /** Landed, and not as certain as somebody waits for. */
  #waiting: Sent[] = []
  readonly #slotListeners = new Set<(slot: number) => void>()
  readonly #accountListeners = new Set<AccountListener>()

  constructor({ programId, network }: MemoryChainOptions) {
    this.at = addressesOf(programId, network)
  }

  /** Opens the next slots: what landed in the open one becomes confirmed, and later final. */
  tick(slots = 1): void {
    for (let ticked = 0; ticked < slots; ticked++) {
      this.#slots.tick()
      this.#settle()
      for (const listener of this.#slotListeners) listener(this.clock.slot())
      for (const watch of this.#accountListeners) this.#tell(watch)
    }
  }

  /** What is not final is gone. Transactions that somebody waits for are sent again, as a client does. */
  rollBack(): void {
    const final = this.#slots.rollBack()
    for (const [signature, { slot }] of this.#landed) if (slot > final) this.#landed.delete(signature)
    const again = this.#waiting.filter(({ signature }) => !this.#landed.has(signature))
    this.#waiting = this.#waiting.filter(({ signature }) => this.#landed.has(signature))
    for (const sent of again) this.#run(sent)
    for (const watch of this.#accountListeners) this.#tell(watch)
  }

  /** Ticks until the work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let pending = true
    const done = work.finally(() => {
      pending = false
    })
    done.catch(() => {})
    for (let ticks = 0; pending && ticks < MAX_TICKS_DURING; ticks++) {
      await settled()
      if (pending) this.tick()
    }
    if (pending) throw new Error('it waits for something that never comes')
    return done
  }

  /** Lamports from nowhere. */
  fund(address: Address, lamports: bigint): void {
    this.#put(address, { owner: SYSTEM_PROGRAM, lamports, data: new Uint8Array() })
  }

  /** A wallet's associated token account with so many tokens, from nowhere. */
  giveTokens(wallet: Address, mint: Address, amount: bigint): Address {
    const { address } = associatedTokens(wallet, mint)
    this.#put(address, {
      owner: TOKEN_PROGRAM,
      lamports: 1n,
      data: tokenBytes({ mint, owner: wallet, amount }),
    })
    return address
  }

  async accounts(
    addresses: readonly Address[],
    commitment: Commitment = 'confirmed',
  ): Promise<AsOf<readonly (RawAccount | undefined)[]>> {
    if (addresses.length > MAX_ACCOUNTS_READ) {
      throw new ChainError('option/invalid', `${addresses.length} accounts can't be read as of one slot`)
    }
    const accounts = this.#slots.accountsAt(commitment)
    return { slot: this.#slots.at(commitment), value: addresses.map((address) => accounts.get(address)) }
  }

  async search(
    { size, matches }: AccountSearch,
    commitment: Commitment = 'confirmed',
  ): Promise<AsOf<readonly FoundAccount[]>> {
    const found = [...this.#slots.accountsAt(commitment)]
      .filter(([, { owner, data }]) => owner === this.at.programId && data.length === size)
      .filter(([, { data }]) => matches.every(({ offset, bytes }) => isAt(data, offset, bytes)))
      .map(([address, account]) => ({ address, account }))
    return { slot: this.#slots.at(commitment), value: found.sort((a, b) => (a.address < b.address ? -1 : 1)) }
  }

  async transaction(
    signature: string,
    commitment: Commitment = 'confirmed',
  ): Promise<LandedTransaction | undefined> {
    const landed = this.#landed.get(signature)
    if (landed === undefined || !this.#slots.reaches(landed.slot, commitment)) return undefined
    return { ...landed, error: undefined }
  }

  async rent(bytes: number): Promise<number> {
    return RENT_PER_BYTE * (RENT_OVERHEAD_BYTES + bytes)
  }

  async send(request: SendRequest): Promise<SendOutcome> {
    const blockhash = addressOf(this.#slots.hashes[0]?.hash ?? new Uint8Array(32))
    const { signature } = await signTransaction(request, blockhash, SIGNING)
    const { promise, resolve: settle } = Promise.withResolvers<SendOutcome>()
    this.#run({ request, signature, settle })
    return promise
  }

  onSlot(listener: (slot: number) => void): Unsubscribe {
    this.#slotListeners.add(listener)
    return () => this.#slotListeners.delete(listener)
  }

  onAccount(address: Address, listener: AccountListener['listener']): Unsubscribe {
    const watch: AccountListener = { address, listener, told: 'nothing' }
    this.#accountListeners.add(watch)
    queueMicrotask(() => this.#tell(watch))
    return () => this.#accountListeners.delete(watch)
  }

  #put(address: Address, account: RawAccount): void {
    this.#slots.accounts = new Map([...this.#slots.accounts, [address, account]])
  }

  /** In the open slot: all of it, or nothing. */
  #run(sent: Sent): void {
    const { open, accounts, hashes } = this.#slots
    const { instructions, payer } = sent.request
    const run = new Run({ at: this.at, slot: open, accounts, hashes })
    try {
      if (accounts.get(payer.address) === undefined) throw noFee(payer.address)
      for (const instruction of instructions) play(run, instruction)
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      sent.settle({ kind: 'refused', error })
      return
    }
    this.#slots.accounts = run.accounts
    this.#landed.set(sent.signature, { slot: open, logs: logsOf(run.events, this.at.programId) })
    this.#waiting.push(sent)
  }

  #settle(): void {
    this.#waiting = this.#waiting.filter(({ signature, request, settle }) => {
      const slot = this.#landed.get(signature)?.slot ?? Infinity
      if (!this.#slots.reaches(slot, request.commitment ?? 'confirmed')) return true
      settle({ kind: 'landed', signature, slot })
      return false
    })
  }

  #tell(watch: AccountListener): void {
    const account = this.#slots.accountsAt('confirmed').get(watch.address)
    if (!this.#accountListeners.has(watch) || watch.told === account) return
    watch.told = account
    watch.listener({ slot: this.clock.slot(), value: account })
  }
}

function isAt(data: Uint8Array, offset: number, bytes: Uint8Array): boolean {
  return bytes.every((byte, place) => data[offset + place] === byte)
}

function noFee(payer: Address): ChainError {
  const message = `${payer}, who pays the fee, does not exist: fund it first`
  return new ChainError('transaction/refused', message)
}

/** Everything that can go on without a new slot has gone on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next))
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  signal?.addEventListener('abort', () => resolve(), { once: true })
  return promise
}
