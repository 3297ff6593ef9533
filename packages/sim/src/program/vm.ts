// The compiled program on litesvm. Nobody makes signatures: a transaction's header says who signs, which is all that
// the program sees, and lets 64 verifiers, or an attacker, sign at no cost.
import { createHash } from 'node:crypto'
import {
  type Address,
  addressOf,
  bytesOf,
  MAX_TRANSACTION_BYTES,
  type ProgramErrorName,
  programErrorName,
  type RawAccount,
  SYSTEM_PROGRAM,
} from '@piecework/chain'
import { programBytes } from '@piecework/program'
import { address, lamports } from '@solana/kit'
import type { TransactionInstruction } from '@solana/web3.js'
import { Clock, FailedTransactionMetadata, LiteSVM } from 'litesvm'
import { type Wire, wireOf } from './wire.ts'

/** Enough for the rent of everything that a run makes. */
const PAYER_LAMPORTS = 10n ** 15n
const FIRST_SLOT = 1_000
/** Seals look back a few slots; a list as long as a cluster's would take most of a run's time. */
const KEPT_SLOT_HASHES = 40

/** One for all slots: the seeds of epochs differ by the epoch's number, and making it text takes long. */
const SLOT_HASH = addressOf(new Uint8Array(32).fill(7))

/** Why a transaction changed nothing. */
export type Refusal = ProgramErrorName | 'another program' | 'too large'

export interface Receipt {
  readonly refusal: Refusal | undefined
  readonly computeUnits: number
  /** Of the whole transaction. */
  readonly bytes: number
}

export class Vm {
  readonly svm: LiteSVM
  readonly programId: Address
  /** Pays for transactions whose payer doesn't matter. */
  readonly payer: Address
  slot: number = FIRST_SLOT
  #made = 0
  #sent = 0

  constructor() {
    this.svm = new LiteSVM().withSigverify(false).withBlockhashCheck(false).withTransactionHistory(0n)
    this.programId = this.address()
    this.svm.addProgram(address(this.programId), programBytes())
    this.payer = this.funded()
    this.setSlot(FIRST_SLOT)
  }

  /** A new one, the same in every run. */
  address(): Address {
    this.#made += 1
    return addressOf(createHash('sha256').update(`address ${this.#made}`).digest())
  }

  funded(): Address {
    const made = this.address()
    this.put(made, { lamports: PAYER_LAMPORTS, owner: SYSTEM_PROGRAM, data: new Uint8Array() })
    return made
  }

  account(at: Address): RawAccount | undefined {
    const found = this.svm.getAccount(address(at))
    if (!found.exists) return undefined
    // Both libraries write an address as base58 text.
    const owner = found.programAddress as string as Address
    return { owner, lamports: found.lamports, data: Uint8Array.from(found.data) }
  }

  put(at: Address, account: RawAccount): void {
    this.svm.setAccount({
      address: address(at),
      data: account.data,
      executable: false,
      lamports: lamports(account.lamports),
      programAddress: address(account.owner),
      space: BigInt(account.data.length),
    })
  }

  /** Moves the clock, and the hashes of the slots before it with it. */
  setSlot(slot: number): void {
    this.slot = slot
    const now = this.svm.getClock()
    const { epochStartTimestamp, epoch, leaderScheduleEpoch } = now
    this.svm.setClock(new Clock(BigInt(slot), epochStartTimestamp, epoch, leaderScheduleEpoch, BigInt(slot)))
    const slots = Array.from({ length: KEPT_SLOT_HASHES }, (_, back) => BigInt(slot - 1 - back))
    this.svm.setSlotHashes(slots.map((each) => ({ slot: each, hash: SLOT_HASH })))
  }

  /** All of these in one transaction. */
  send(instructions: readonly TransactionInstruction[], payer: Address = this.payer): Receipt {
    const { size: bytes, transaction } = this.#wire(instructions, payer)
    if (bytes > MAX_TRANSACTION_BYTES) return { refusal: 'too large', computeUnits: 0, bytes }
    const result = this.svm.sendTransaction(transaction)
    const failed = result instanceof FailedTransactionMetadata
    const computeUnits = Number((failed ? result.meta() : result).computeUnitsConsumed())
    return { refusal: failed ? refusalOf(result) : undefined, computeUnits, bytes }
  }

  /** What would become of it; changes nothing. */
  trial(instructions: readonly TransactionInstruction[]): Refusal | undefined {
    const { size, transaction } = this.#wire(instructions, this.payer)
    if (size > MAX_TRANSACTION_BYTES) return 'too large'
    const result = this.svm.simulateTransaction(transaction)
    return result instanceof FailedTransactionMetadata ? refusalOf(result) : undefined
  }

  /** Sends what must succeed. */
  must(instructions: readonly TransactionInstruction[], payer: Address = this.payer): Receipt {
    const receipt = this.send(instructions, payer)
    if (receipt.refusal !== undefined) throw new Error(`refused: ${receipt.refusal}`)
    return receipt
  }

  #wire(instructions: readonly TransactionInstruction[], payer: Address): Wire {
    this.#sent += 1
    return wireOf(instructions, { payer: bytesOf(payer), number: this.#sent })
  }
}

function refusalOf(failed: FailedTransactionMetadata): Refusal {
  const error = failed.err()
  if (typeof error !== 'object' || !('err' in error)) return 'another program'
  const inner = error.err()
  if (typeof inner !== 'object' || !('code' in inner)) return 'another program'
  return programErrorName(inner.code) ?? 'another program'
}
