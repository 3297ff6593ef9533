// What an instruction is made of, as data: so that it is encoded, read back and compared with the program's
// description in one way.
import { Buffer } from 'node:buffer'
import { type Address, addressOfKey, keyOf } from '../address.ts'
import { type Fields, struct } from '../codec/compound.ts'
import { encode, type Layout, viewOf } from '../codec/layout.ts'
import { ChainError } from '../errors.ts'
import { type AccountMeta, TransactionInstruction } from '../web3.ts'

/** What an account's place asks of it. */
export interface Place {
  readonly signer: boolean | 'either'
  readonly writable: boolean
  /** May be left out; the program's own address then stands in its place. */
  readonly optional: boolean
}

export const READS: Place = { signer: false, writable: false, optional: false }
export const WRITES: Place = { signer: false, writable: true, optional: false }
export const SIGNS: Place = { signer: true, writable: false, optional: false }
/** Signs, and pays lamports or gets them. */
export const PAYS: Place = { signer: true, writable: true, optional: false }
/** Is there in any case; the instruction does more if it signs. */
export const MAY_SIGN: Place = { signer: 'either', writable: false, optional: false }
export const MAY_SIGN_AND_PAY: Place = { signer: 'either', writable: true, optional: false }
export const MAY_BE_LEFT_OUT: Place = { signer: false, writable: true, optional: true }

/** Signers after the listed accounts. */
export interface Voters {
  readonly min: number
  readonly max: number
}

export interface InstructionForm<A extends string, T extends object> {
  readonly name: string
  readonly discriminator: number
  /** In their order. */
  readonly accounts: Readonly<Record<A, Place>>
  readonly args: Layout<T>
  readonly voters?: Voters
}

/** The arguments of an instruction: a struct without a name of its own. */
export function args<T extends object>(fields: Fields<T>): Layout<T> {
  return struct<T>('args', fields)
}

export type NoArgs = Readonly<Record<never, never>>
export const NO_ARGS: Layout<NoArgs> = args<NoArgs>({})

export interface Call<A extends string, T extends object> {
  readonly programId: Address
  readonly accounts: Readonly<Record<A, Address | undefined>>
  readonly args: T
  /** Which of those that may sign do. */
  readonly signing?: readonly NoInfer<A>[]
  readonly voters?: readonly Address[]
}

export function encodeInstruction<A extends string, T extends object>(
  form: InstructionForm<A, T>,
  call: Call<A, T>,
): TransactionInstruction {
  const data = Buffer.concat([Buffer.of(form.discriminator), encode(form.args, call.args)])
  const listed = placesOf(form).map(([name, place]) =>
    metaOf(place, call.accounts[name], {
      programId: call.programId,
      signs: call.signing?.includes(name) === true,
    }),
  )
  const voters = (call.voters ?? []).map((key) => ({ pubkey: keyOf(key), isSigner: true, isWritable: false }))
  requireVoters(form, voters.length)
  return new TransactionInstruction({ programId: keyOf(call.programId), keys: [...listed, ...voters], data })
}

function metaOf(
  place: Place,
  account: Address | undefined,
  { programId, signs }: { programId: Address; signs: boolean },
): AccountMeta {
  if (account === undefined) return { pubkey: keyOf(programId), isSigner: false, isWritable: false }
  const isSigner = place.signer === 'either' ? signs : place.signer
  return { pubkey: keyOf(account), isSigner, isWritable: place.writable }
}

function requireVoters(form: { readonly name: string; readonly voters?: Voters }, count: number): void {
  const { min, max } = form.voters ?? { min: 0, max: 0 }
  if (count >= min && count <= max) return
  const message = `${form.name} takes ${min} to ${max} signing vote keys in one instruction, not ${count}: send several`
  throw new ChainError('value/out-of-range', message, { count, min, max })
}

function placesOf<A extends string>(form: { readonly accounts: Readonly<Record<A, Place>> }): [A, Place][] {
  return Object.entries(form.accounts) as [A, Place][]
}

export interface ReadInstruction<A extends string, T extends object> {
  readonly accounts: Readonly<Record<A, Address>>
  readonly args: T
  readonly signers: ReadonlySet<Address>
  readonly voters: readonly Address[]
}

/** The opposite of encoding, for whoever stands in for the program; undefined if it is another instruction. */
export function readInstruction<A extends string, T extends object>(
  form: InstructionForm<A, T>,
  instruction: TransactionInstruction,
): ReadInstruction<A, T> | undefined {
  const { data, keys } = instruction
  if (data[0] !== form.discriminator) return undefined
  const places = placesOf(form)
  const body = viewOf(data.subarray(1))
  if (body.byteLength < form.args.size || keys.length < places.length) return undefined
  const addresses = keys.map(({ pubkey }) => addressOfKey(pubkey))
  const accounts = Object.fromEntries(places.map(([name], place) => [name, addresses[place]]))
  return {
    // One address for each place: there are at least as many.
    accounts: accounts as Readonly<Record<A, Address>>,
    args: form.args.read(body, 0),
    signers: new Set(keys.filter((key) => key.isSigner).map((key) => addressOfKey(key.pubkey))),
    voters: addresses.slice(places.length),
  }
}
