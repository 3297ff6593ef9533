// The same instruction with something wrong in it: another account, a right left out, other bytes.
import { type Address, keyOf } from '@piecework/chain'
import type { SeededRandom } from '@piecework/testkit'
import { type AccountMeta, TransactionInstruction } from '@solana/web3.js'

/** Where the client's own choice stands: whoever signs may send a fee, or its stake, to anybody. */
const FREE_PLACES: Readonly<Record<number, number>> = {
  /** withdraw_stake: destination */
  10: 4,
  /** claim: fee_destination */
  24: 5,
}

const U64_BYTES = 8

type Mutation = (one: TransactionInstruction, around: Around) => TransactionInstruction

export interface Around {
  readonly random: SeededRandom
  /** Accounts of every sort, of this network and others. */
  readonly pool: readonly Address[]
}

const otherAccount: Mutation = (one, { random, pool }) => {
  const place = random.below(one.keys.length)
  const other = pool[random.below(pool.length)]
  if (other === undefined || FREE_PLACES[one.data[0] ?? -1] === place) return one
  // Nobody can sign for somebody else.
  return withKey(one, place, (meta) => ({ ...meta, pubkey: keyOf(other), isSigner: false }))
}

const twiceTheSame: Mutation = (one, { random }) => {
  const other = one.keys[random.below(one.keys.length)]
  const place = random.below(one.keys.length)
  if (other === undefined || FREE_PLACES[one.data[0] ?? -1] === place) return one
  return withKey(one, place, () => other)
}

const unsigned: Mutation = (one, { random }) =>
  withKey(one, random.below(one.keys.length), (meta) => ({ ...meta, isSigner: false }))

const readonly: Mutation = (one, { random }) =>
  withKey(one, random.below(one.keys.length), (meta) => ({ ...meta, isWritable: false }))

const otherByte: Mutation = (one, { random }) =>
  withData(one, (data) => {
    const at = 1 + random.below(data.length - 1)
    data[at] = (data[at] ?? 0) ^ (1 << random.below(8))
    return data
  })

/** The largest number, or zero, where a number may stand. */
const extremeNumber: Mutation = (one, { random }) =>
  withData(one, (data) => {
    const at = 1 + random.below(data.length)
    data.subarray(at, at + U64_BYTES).fill(random.chance(0.7) ? 0xff : 0)
    return data
  })

const shorter: Mutation = (one, { random }) =>
  withData(one, (data) => data.subarray(0, random.below(data.length + 1)))

const longer: Mutation = (one, { random }) =>
  withData(one, (data) => Buffer.concat([data, random.bytes(random.below(40))]))

const MUTATIONS: readonly Mutation[] = [
  otherAccount,
  otherAccount,
  otherAccount,
  twiceTheSame,
  unsigned,
  readonly,
  otherByte,
  extremeNumber,
  shorter,
  longer,
]

export function mutated(one: TransactionInstruction, around: Around): TransactionInstruction {
  const mutation = MUTATIONS[around.random.below(MUTATIONS.length)]
  const changed = mutation === undefined ? one : mutation(one, around)
  return around.random.chance(0.3) ? mutated(changed, around) : changed
}

function withKey(
  { programId, keys, data }: TransactionInstruction,
  place: number,
  change: (meta: AccountMeta) => AccountMeta,
): TransactionInstruction {
  return new TransactionInstruction({
    programId,
    keys: keys.map((meta, at) => (at === place ? change(meta) : meta)),
    data,
  })
}

function withData(
  { programId, keys, data }: TransactionInstruction,
  change: (data: Buffer) => Buffer,
): TransactionInstruction {
  return new TransactionInstruction({ programId, keys, data: change(Buffer.from(data)) })
}
