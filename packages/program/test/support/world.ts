// The real program on litesvm, without signatures: a transaction's header says who signs, which is all that
// the program sees, and leaves 64 verifiers affordable.
import { address, getTransactionDecoder, lamports as lamportsOf } from '@solana/kit'
import { type AccountMeta, Keypair, PublicKey, Transaction, TransactionInstruction } from '@solana/web3.js'
import { Clock, FailedTransactionMetadata, LiteSVM } from 'litesvm'
import { idl } from '../../generate/idl.ts'
import { programBytes } from '../../index.ts'
import { type Event, eventsIn, placeOf, readScalar, type Scalar } from './decode.ts'
import { type Call, encode, encodeValue, type Values } from './encode.ts'

/** What a cluster accepts; litesvm doesn't look. */
const maxTransactionBytes = 1232
const signatureBytes = 64
/** Enough for the rent of everything that a test makes. */
const lamportsOfPayer = 1_000_000_000_000n

/** A call of the program, or of another one. */
export type Step = Call | TransactionInstruction

export type Outcome = {
  readonly computeUnits: bigint
  /** Of the whole transaction as sent. */
  readonly bytes: number
  readonly events: readonly Event[]
}

export class World {
  readonly svm: LiteSVM
  readonly programId: PublicKey
  /** Pays the transactions' fees, and is in no instruction. */
  readonly feePayer: PublicKey
  private keys = 0
  private transactions = 0

  constructor() {
    this.svm = new LiteSVM().withSigverify(false).withBlockhashCheck(false).withTransactionHistory(0n)
    this.programId = this.key()
    this.svm.addProgram(address(this.programId.toBase58()), programBytes())
    this.feePayer = this.funded()
    this.setSlot(1_000n)
  }

  /** A new key, the same in every run. */
  key(): PublicKey {
    this.keys += 1
    const seed = new Uint8Array(32)
    new DataView(seed.buffer).setUint32(0, this.keys)
    return Keypair.fromSeed(seed).publicKey
  }

  funded(): PublicKey {
    const key = this.key()
    this.setLamports(key, lamportsOfPayer)
    return key
  }

  setLamports(key: PublicKey, lamports: bigint): void {
    this.setAccount(key, { ...this.account(key), lamports })
  }

  pda(...seeds: readonly (string | Uint8Array | PublicKey)[]): PublicKey {
    const bytes = seeds.map((seed) =>
      typeof seed === 'string' ? Buffer.from(seed) : seed instanceof PublicKey ? seed.toBuffer() : seed,
    )
    return PublicKey.findProgramAddressSync(bytes, this.programId)[0]
  }

  account(key: PublicKey): AccountBytes {
    const found = this.svm.getAccount(address(key.toBase58()))
    if (!found.exists) return { lamports: 0n, owner: PublicKey.default, data: new Uint8Array() }
    return {
      lamports: found.lamports,
      owner: new PublicKey(found.programAddress),
      data: Uint8Array.from(found.data),
    }
  }

  setAccount(key: PublicKey, account: AccountBytes): void {
    this.svm.setAccount({
      address: address(key.toBase58()),
      data: account.data,
      executable: false,
      lamports: lamportsOf(account.lamports),
      programAddress: address(account.owner.toBase58()),
      space: BigInt(account.data.length),
    })
  }

  /** A field of an account of the program, such as `totals.staked` of a Network. */
  read(kind: string, key: PublicKey, path: string): Scalar {
    return readScalar(this.account(key).data, placeOf(kind, path))
  }

  integer(kind: string, key: PublicKey, path: string): bigint {
    return BigInt(this.read(kind, key, path))
  }

  /** Puts a state that would take many steps to reach straight into fields. */
  write(kind: string, key: PublicKey, values: Values): void {
    const account = this.account(key)
    const data = Buffer.from(account.data)
    for (const [path, value] of Object.entries(values)) {
      const { offset, type } = placeOf(kind, path)
      encodeValue(type, value).copy(data, offset)
    }
    this.setAccount(key, { ...account, data })
  }

  slot(): bigint {
    return this.svm.getClock().slot
  }

  /** Moves the clock, and the hashes of the 512 slots before it with it. */
  setSlot(slot: bigint): void {
    const clock = this.svm.getClock()
    this.svm.setClock(
      new Clock(slot, clock.epochStartTimestamp, clock.epoch, clock.leaderScheduleEpoch, (slot * 2n) / 5n),
    )
    const count = slot < 512n ? Number(slot) : 512
    this.setHashes(Array.from({ length: count }, (_, place) => slot - 1n - BigInt(place)))
  }

  /** Of which slots the cluster has hashes, newest first. */
  setHashes(slots: readonly bigint[]): void {
    this.svm.setSlotHashes(slots.map((each) => ({ slot: each, hash: slotHash(each).toBase58() })))
  }

  /** Sends instructions in one transaction, and throws when it is refused. */
  send(...steps: readonly Step[]): Outcome {
    const bytes = this.wire(this.instructions(steps))
    const result = this.svm.sendTransaction(getTransactionDecoder().decode(bytes))
    if (result instanceof FailedTransactionMetadata) throw new Error(explain(result))
    return {
      computeUnits: result.computeUnitsConsumed(),
      bytes: bytes.length,
      events: eventsIn(result.logs()),
    }
  }

  /** The name of the error code that refuses a transaction, 'accepted' if none does; changes nothing. */
  refusal(...steps: readonly Step[]): string {
    return this.verdict(this.instructions(steps))
  }

  /** The same for data and accounts that no client would make. */
  raw(data: Uint8Array, keys: readonly AccountMeta[]): string {
    const instruction = { programId: this.programId, keys: [...keys], data: Buffer.from(data) }
    return this.verdict([new TransactionInstruction(instruction)])
  }

  private instructions(steps: readonly Step[]): readonly TransactionInstruction[] {
    return steps.map((step) => ('programId' in step ? step : encode(this.programId, step)))
  }

  private verdict(instructions: readonly TransactionInstruction[]): string {
    const result = this.svm.simulateTransaction(getTransactionDecoder().decode(this.wire(instructions)))
    if (!(result instanceof FailedTransactionMetadata)) return 'accepted'
    return errorName(result) ?? explain(result)
  }

  private wire(instructions: readonly TransactionInstruction[]): Uint8Array {
    const transaction = new Transaction({
      feePayer: this.feePayer,
      recentBlockhash: this.svm.latestBlockhash(),
    }).add(...instructions)
    const message = transaction.compileMessage()
    const signatures = new Uint8Array(signatureBytes * message.header.numRequiredSignatures)
    this.transactions += 1
    new DataView(signatures.buffer).setUint32(0, this.transactions)
    const bytes = Buffer.concat([
      Buffer.of(message.header.numRequiredSignatures),
      signatures,
      message.serialize(),
    ])
    if (bytes.length > maxTransactionBytes) throw new Error(`a transaction of ${bytes.length} bytes`)
    return bytes
  }
}

export type AccountBytes = { readonly lamports: bigint; readonly owner: PublicKey; readonly data: Uint8Array }

/** What litesvm is told to be the hash of a slot. */
export function slotHash(slot: bigint): PublicKey {
  const bytes = new Uint8Array(32).fill(7)
  new DataView(bytes.buffer).setBigUint64(0, slot)
  return new PublicKey(bytes)
}

function errorName(failed: FailedTransactionMetadata): string | undefined {
  const error = failed.err()
  if (typeof error !== 'object' || !('err' in error)) return undefined
  const inner = error.err()
  if (typeof inner !== 'object' || !('code' in inner)) return undefined
  return idl.errors.find((one) => one.code === inner.code)?.name
}

function explain(failed: FailedTransactionMetadata): string {
  return [errorName(failed) ?? failed.toString(), ...failed.meta().logs()].join('\n')
}
