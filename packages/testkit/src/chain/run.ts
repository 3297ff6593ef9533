// What one transaction sees and changes. Nothing of it stays when it is refused.
import {
  type AccountForm,
  type Address,
  bytesOf,
  decodeAccount,
  encode,
  type Head,
  type NetworkAddresses,
  type ProgramErrorName,
  type ProgramEvent,
  programError,
  type RawAccount,
} from '@piecework/chain'
import type { Accounts, SlotHash } from './slots.ts'

/** What an account of the twin holds: enough to be there, as rent is not reckoned with. */
const LAMPORTS = 1n

export interface RunInput {
  readonly at: NetworkAddresses
  readonly slot: number
  /** Newest first. */
  readonly hashes: readonly SlotHash[]
  readonly accounts: Accounts
}

export class Run {
  readonly at: NetworkAddresses
  /** The slot it runs in. */
  readonly slot: number
  readonly hashes: readonly SlotHash[]
  readonly networkId: Uint8Array
  readonly events: ProgramEvent[] = []
  readonly #accounts: Map<Address, RawAccount>

  constructor({ at, slot, hashes, accounts }: RunInput) {
    this.at = at
    this.slot = slot
    this.hashes = hashes
    this.networkId = bytesOf(at.network)
    this.#accounts = new Map(accounts)
  }

  get accounts(): Accounts {
    return this.#accounts
  }

  get(address: Address): RawAccount | undefined {
    return this.#accounts.get(address)
  }

  put(address: Address, owner: Address, data: Uint8Array): void {
    this.#accounts.set(address, { owner, data, lamports: LAMPORTS })
  }

  remove(address: Address): void {
    this.#accounts.delete(address)
  }

  load<T extends Head>(form: AccountForm<T>, address: Address): T {
    const raw = this.get(address)
    requireThat(raw?.owner === this.at.programId, 'WrongOwner')
    requireThat(raw.data[0] === form.kind, 'WrongKind')
    return decodeAccount(form, raw, this.at.programId)
  }

  save<T extends Head>(form: AccountForm<T>, address: Address, value: T): void {
    this.put(address, this.at.programId, encode(form.layout, value))
  }

  create<T extends Head>(form: AccountForm<T>, address: Address, value: T): void {
    requireThat(this.get(address) === undefined, 'AlreadyExists')
    this.save(form, address, value)
  }

  emit(event: ProgramEvent): void {
    this.events.push(event)
  }
}

export function requireThat(holds: boolean, otherwise: ProgramErrorName): asserts holds {
  if (!holds) throw programError(otherwise)
}
