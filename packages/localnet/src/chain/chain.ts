// The chain: one open slot in which transactions run one after the other, and a row of closed ones behind it.
import { createHash } from 'node:crypto'
import { stringify } from '../json.ts'
import { type Account, type KeyedAccount, sameAccount } from '../vm/account.ts'
import {
  type Address,
  addressBytes,
  type Blockhash,
  CLOCK_SYSVAR,
  SLOT_HASHES_SYSVAR,
  toBase58,
} from '../vm/address.ts'
import { feeOf } from '../vm/fee.ts'
import { loadAddresses } from '../vm/lookup.ts'
import type { TransactionError } from '../vm/transaction-error.ts'
import type { Simulation, Vm } from '../vm/vm.ts'
import { readTransaction, type Transaction } from '../vm/wire.ts'
import { History, type Landed } from './history.ts'
import { type Accounts, memoOf, metaOf, type Touched } from './meta.ts'
import { PRICED_SLOTS, Prices } from './prices.ts'
import { pushSlotHash } from './slot-hashes.ts'
import { type ClosedSlot, type Commitment, Slots } from './slots.ts'
import { Versions } from './versions.ts'

/** Where a chain begins or goes on: the state in `vm` is the one at the end of `last`. */
export interface ChainStart {
  readonly first: number
  readonly closed: readonly ClosedSlot[]
  readonly last: ClosedSlot
  readonly transactionCount: number
}

export interface SlotRecord {
  readonly kind: 'slot'
  readonly slot: number
  readonly time: number
  /** Of the slot before, which this one closed. */
  readonly hash: Blockhash
  readonly transactionCount: number
}

/** Everything that decides what the chain becomes: replayed in order, it gives the same chain. */
export type ChainRecord =
  | SlotRecord
  | { readonly kind: 'transaction'; readonly bytes: Uint8Array; readonly meta: string }

export interface SlotOpened {
  readonly slot: number
  readonly parent: number
  readonly root: number
  /** Slots that the opening of this one made confirmed or final. */
  readonly confirmed: readonly number[]
  readonly finalized: readonly number[]
}

export interface ChainListener {
  landed(landed: Landed, changed: readonly Address[]): void
  opened(slot: SlotOpened): void
}

export interface ChainOptions {
  readonly vm: Vm
  readonly start: ChainStart
  readonly record: (record: ChainRecord) => void
  readonly history?: History
}

export type Sent = { readonly landed: Landed } | { readonly refused: TransactionError }

export class Chain {
  readonly slots: Slots
  readonly history: History
  readonly #vm: Vm
  readonly #versions = new Versions()
  readonly #record: (record: ChainRecord) => void
  readonly #listeners = new Set<ChainListener>()
  readonly #prices = new Prices()
  #transactionCount: number
  /** Up to which slots listeners know. */
  #announced: { readonly confirmed: number; readonly finalized: number }
  /** Becomes the open slot's hash: everything that landed is folded into it. */
  #running: Buffer

  constructor(options: ChainOptions) {
    const { vm, start, record, history } = options
    this.#vm = vm
    this.#record = record
    this.history = history ?? new History()
    this.slots = new Slots(start.first, start.closed, start.last)
    this.#transactionCount = start.transactionCount
    this.#announced = { confirmed: start.last.slot, finalized: start.last.slot }
    this.#running = Buffer.from(addressBytes(start.last.hash))
  }

  get transactionCount(): number {
    return this.#transactionCount
  }

  listen(listener: ChainListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The state to start from again, which is only whole between two slots. */
  startAgain(): ChainStart {
    const { first, recent, lastClosed } = this.slots
    return { first, closed: recent.slice(0, -1), last: lastClosed, transactionCount: this.#transactionCount }
  }

  /** Closes the open slot: its hash is known from now on. */
  close(): void {
    this.slots.close(toBase58(createHash('sha256').update(this.#running).update('slot').digest()))
    this.#running = Buffer.from(addressBytes(this.slots.lastClosed.hash))
  }

  /** Opens the next slot at `time` (seconds since 1970; time never goes back). */
  open(time: number): void {
    const { open: slot, lastClosed } = this.slots
    const now = Math.max(time, lastClosed.time)
    this.slots.setOpenTime(now)
    this.#versions.open(slot)
    for (const sysvar of [CLOCK_SYSVAR, SLOT_HASHES_SYSVAR]) {
      this.#versions.remember(slot, sysvar, this.#vm.account(sysvar))
    }
    this.#vm.setClock(slot, now)
    pushSlotHash(this.#vm, lastClosed.slot, lastClosed.hash)
    this.history.advance(slot)
    this.#prices.advance(slot)
    this.#record({
      kind: 'slot',
      slot,
      time: now,
      hash: lastClosed.hash,
      transactionCount: this.#transactionCount,
    })
    this.#announce(slot)
  }

  #announce(slot: number): void {
    const before = this.#announced
    this.#announced = { confirmed: this.slots.at('confirmed'), finalized: this.slots.at('finalized') }
    const opened = {
      slot,
      parent: slot - 1,
      root: this.#announced.finalized,
      confirmed: between(before.confirmed, this.#announced.confirmed),
      finalized: between(before.finalized, this.#announced.finalized),
    }
    for (const listener of this.#listeners) listener.opened(opened)
    this.#versions.forgetUpTo(opened.root)
  }

  account(address: Address, commitment: Commitment): Account | undefined {
    return this.accountAt(address, this.slots.at(commitment))
  }

  accountAt(address: Address, slot: number): Account | undefined {
    return this.#versions.at(slot, address, this.#vm.account(address))
  }

  accountsOf(program: Address, commitment: Commitment): KeyedAccount[] {
    return this.#versions.accountsAt(this.slots.at(commitment), program, this.#vm.accountsOf(program))
  }

  changedIn(slot: number): Address[] {
    return this.#versions.changedIn(slot)
  }

  minimumBalance(dataLength: number): bigint {
    return this.#vm.minimumBalance(dataLength)
  }

  /** Why the transaction can't even be tried at `slot`, if so. */
  refusal(transaction: Transaction, slot: number): TransactionError | undefined {
    if (!this.slots.isValid(transaction.blockhash, slot)) return 'BlockhashNotFound'
    return this.history.has(transaction.signature) ? 'AlreadyProcessed' : undefined
  }

  /** Runs without keeping anything. The state is always the newest, whatever the commitment. */
  simulate(
    transaction: Transaction,
    verifySignatures: boolean,
  ): { simulation: Simulation; touched: Touched } {
    const { addresses, loaded } = this.#addressesOf(transaction)
    const before = this.#accounts(addresses)
    const simulation = this.#vm.simulate(transaction, verifySignatures)
    const changed = new Map(simulation.accounts.map(({ address, account }) => [address, account]))
    const after = addresses.map((address, i) =>
      changed.has(address) ? existing(changed.get(address)) : before[i],
    )
    return { simulation, touched: { addresses, loaded, before, after } }
  }

  send(transaction: Transaction): Sent {
    const refused = this.refusal(transaction, this.slots.open)
    if (refused !== undefined) return { refused }
    const { addresses, loaded } = this.#addressesOf(transaction)
    const before = this.#accounts(addresses)
    const execution = this.#vm.send(transaction)
    if (!execution.included) return { refused: execution.error ?? 'SanitizeFailure' }
    const touched = { addresses, loaded, before, after: this.#accounts(addresses) }
    const ran = { execution, fee: feeOf(transaction), read: (mint: Address) => this.#vm.account(mint) }
    const meta = stringify(metaOf(transaction, touched, ran))
    return { landed: this.#land(transaction, touched, { meta, error: execution.error }) }
  }

  #land(transaction: Transaction, touched: Touched, { meta, error }: Pick<Landed, 'meta' | 'error'>): Landed {
    const { open: slot, openTime: time } = this.slots
    const { addresses, before, after } = touched
    const changed = addresses.filter((_, i) => !sameAccount(before[i], after[i]))
    for (const address of changed) this.#versions.remember(slot, address, before[addresses.indexOf(address)])
    const landed = landedOf(transaction, {
      slot,
      time,
      order: this.#transactionCount,
      error,
      meta,
      addresses,
    })
    this.#transactionCount += 1
    this.#running = createHash('sha256').update(this.#running).update(transaction.signature).digest()
    this.#prices.add(slot, transaction)
    this.history.add(landed)
    this.#record({ kind: 'transaction', bytes: transaction.bytes, meta })
    for (const listener of this.#listeners) listener.landed(landed, changed)
    return landed
  }

  /** What a record of another run did, again. True if it came out the same. */
  replay(record: ChainRecord): boolean {
    if (record.kind === 'transaction') {
      const sent = this.send(readTransaction(record.bytes))
      return 'landed' in sent && sent.landed.meta === record.meta
    }
    if (this.slots.lastClosed.slot !== record.slot - 1) this.close()
    this.open(record.time)
    return this.slots.lastClosed.hash === record.hash && this.slots.open === record.slot
  }

  recentPrices(keys: readonly Address[]): { slot: number; prioritizationFee: number }[] {
    const { open, first } = this.slots
    const slots = between(Math.max(first, open - PRICED_SLOTS), open)
    return slots.map((slot) => ({ slot, prioritizationFee: this.#prices.in(slot, keys) }))
  }

  #addressesOf(transaction: Transaction): Pick<Touched, 'addresses' | 'loaded'> {
    const loaded = loadAddresses(transaction, this.#vm)
    return { addresses: [...transaction.keys, ...loaded.writable, ...loaded.readonly], loaded }
  }

  #accounts(addresses: readonly Address[]): Accounts {
    return addresses.map((address) => this.#vm.account(address))
  }
}

type LandedHow = Pick<Landed, 'slot' | 'time' | 'order' | 'error' | 'meta' | 'addresses'>

export function landedOf(transaction: Transaction, how: LandedHow): Landed {
  // A copy, so that not the whole buffer that the bytes came in is kept for as long.
  const bytes = Uint8Array.from(transaction.bytes)
  return { ...how, signature: transaction.signature, memo: memoOf(transaction), bytes }
}

/** The numbers after `from` up to and including `to`. */
function between(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + 1 + i)
}

/** The runtime leaves an account without lamports behind; on chain it is gone. */
function existing(account: Account | undefined): Account | undefined {
  return account === undefined || account.lamports === 0n ? undefined : account
}
