// The one place that knows litesvm: accounts, sysvars and execution, in bytes and plain data.
// It uses litesvm's inner class, because the outer one re-encodes every transaction and every address.
import {
  Clock,
  EpochSchedule,
  FailedTransactionMetadata,
  LiteSvm,
  Account as LitesvmAccount,
  type TransactionMetadata,
} from 'litesvm/dist/internal.js'
import type { Account, KeyedAccount } from './account.ts'
import { type Address, addressBytes, toBase58 } from './address.ts'
import { readTransactionError, type TransactionError } from './transaction-error.ts'
import type { Transaction } from './wire.ts'

/** What an epoch of the real cluster has; ours has no shorter epochs at the start. */
export const SLOTS_PER_EPOCH = 432_000

export interface InnerInstruction {
  readonly programIdIndex: number
  readonly accounts: readonly number[]
  readonly data: string
  readonly stackHeight: number
}

export interface InnerInstructions {
  readonly index: number
  readonly instructions: readonly InnerInstruction[]
}

export interface ReturnData {
  readonly programId: Address
  readonly data: readonly [base64: string, encoding: 'base64']
}

export interface Execution {
  readonly error: TransactionError | null
  /** Failed transactions that got as far as a program are included: they pay their fee. */
  readonly included: boolean
  readonly logs: readonly string[]
  readonly unitsConsumed: number
  readonly inner: readonly InnerInstructions[]
  readonly returnData: ReturnData | null
}

export interface Simulation extends Execution {
  readonly accounts: readonly KeyedAccount[]
}

export class Vm {
  readonly #svm: LiteSvm

  private constructor(svm: LiteSvm) {
    this.#svm = svm
    // The chain keeps the window of 150 blockhashes and the signatures in it: litesvm knows only the newest
    // blockhash, and its history would forget.
    svm.setBlockhashCheck(false)
    svm.setTransactionHistory(0n)
    svm.setEpochSchedule(new EpochSchedule(BigInt(SLOTS_PER_EPOCH), BigInt(SLOTS_PER_EPOCH), false, 0n, 0n))
  }

  static create(): Vm {
    return new Vm(new LiteSvm())
  }

  static restore(bytes: Uint8Array): Vm {
    return new Vm(LiteSvm.fromBytes(bytes))
  }

  save(): Uint8Array {
    return this.#svm.toBytes()
  }

  account(address: Address): Account | undefined {
    const found = this.#svm.getAccount(addressBytes(address))
    return found === null ? undefined : readAccount(found)
  }

  accountsOf(program: Address): KeyedAccount[] {
    return this.#svm.getProgramAccounts(addressBytes(program)).map(readKeyedAccount)
  }

  /** An account without lamports is removed, as on the real cluster. */
  setAccount(address: Address, account: Account): void {
    const { lamports, data, owner, executable } = account
    this.#svm.setAccount(
      addressBytes(address),
      new LitesvmAccount(lamports, data, addressBytes(owner), executable, 0n),
    )
  }

  addProgram(address: Address, elf: Uint8Array): void {
    this.#svm.addProgram(addressBytes(address), elf)
  }

  get slot(): number {
    return Number(this.#svm.getClock().slot)
  }

  setClock(slot: number, unixTimestamp: number): void {
    const epoch = BigInt(Math.floor(slot / SLOTS_PER_EPOCH))
    const before = this.#svm.getClock()
    const start = before.epoch === epoch ? before.epochStartTimestamp : BigInt(unixTimestamp)
    this.#svm.setClock(new Clock(BigInt(slot), start, epoch, epoch + 1n, BigInt(unixTimestamp)))
  }

  get unixTimestamp(): number {
    return Number(this.#svm.getClock().unixTimestamp)
  }

  minimumBalance(dataLength: number): bigint {
    return this.#svm.minimumBalanceForRentExemption(BigInt(dataLength))
  }

  send(transaction: Transaction): Execution {
    const { bytes, version } = transaction
    const result =
      version === 'legacy'
        ? this.#svm.sendLegacyTransaction(bytes)
        : this.#svm.sendVersionedTransaction(bytes)
    return readResult(result)
  }

  /** Runs a transaction without keeping what it changed. */
  simulate(transaction: Transaction, verifySignatures: boolean): Simulation {
    const { bytes, version } = transaction
    this.#svm.setSigverify(verifySignatures)
    try {
      const result =
        version === 'legacy'
          ? this.#svm.simulateLegacyTransaction(bytes)
          : this.#svm.simulateVersionedTransaction(bytes)
      if (result instanceof FailedTransactionMetadata) return { ...readResult(result), accounts: [] }
      return { ...readResult(result.meta()), accounts: result.postAccounts().map(readKeyedAccount) }
    } finally {
      this.#svm.setSigverify(true)
    }
  }
}

function readAccount(account: LitesvmAccount): Account {
  return {
    lamports: account.lamports(),
    data: account.data(),
    owner: toBase58(account.owner()),
    executable: account.executable(),
  }
}

function readKeyedAccount(keyed: { address: Uint8Array; account(): LitesvmAccount }): KeyedAccount {
  return { address: toBase58(keyed.address), account: readAccount(keyed.account()) }
}

function readResult(result: TransactionMetadata | FailedTransactionMetadata): Execution {
  const failed = result instanceof FailedTransactionMetadata
  const meta = failed ? result.meta() : result
  return {
    error: failed ? readTransactionError(result.err()) : null,
    // litesvm leaves the signature zero when it refuses a transaction before running it.
    included: meta.signature().some((byte) => byte !== 0),
    logs: meta.logs(),
    unitsConsumed: Number(meta.computeUnitsConsumed()),
    inner: readInner(meta),
    returnData: readReturnData(meta),
  }
}

function readInner(meta: TransactionMetadata): InnerInstructions[] {
  return meta
    .innerInstructions()
    .map((list, index) => ({
      index,
      instructions: list.map((inner) => ({
        programIdIndex: inner.instruction().programIdIndex(),
        accounts: Array.from(inner.instruction().accounts()),
        data: toBase58(inner.instruction().data()),
        stackHeight: inner.stackHeight(),
      })),
    }))
    .filter((list) => list.instructions.length > 0)
}

function readReturnData(meta: TransactionMetadata): ReturnData | null {
  const returned = meta.returnData()
  const data = returned.data()
  if (data.length === 0) return null
  return { programId: toBase58(returned.programId()), data: [Buffer.from(data).toString('base64'), 'base64'] }
}
