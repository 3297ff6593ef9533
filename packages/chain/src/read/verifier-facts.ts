// What an epoch's facts say of verifiers.
import type { Facts } from '@piecework/protocol'
import { type Epoch, seatsOf } from '../accounts/epoch.ts'
import { bytesOf } from '../address.ts'
import type { Chain, Commitment } from '../port.ts'
import { present, read, wantVerifier } from './accounts.ts'

export type VerifierFacts = Pick<Facts, 'snapshot' | 'joined'>

/** Who has a seat, and who joined since the facts before. Ids are given in order, so whoever joined before somebody with a seat has an id below. */
export async function verifierFacts(
  chain: Chain,
  epoch: Epoch,
  { known, commitment }: { readonly known: number; readonly commitment: Commitment },
): Promise<VerifierFacts> {
  const seats = seatsOf(epoch)
  const newest = seats.at(-1)?.id ?? -1
  const joinedIds = Array.from({ length: Math.max(0, newest + 1 - known) }, (_, place) => known + place)
  const ids = [...new Set([...seats.map((seat) => seat.id), ...joinedIds])]
  const operators = await operatorsOf(chain, ids, commitment)
  const operatorOf = (id: number): Uint8Array => operators.get(id) ?? new Uint8Array(32)
  return {
    snapshot: seats.map(({ id, voteKey, stake, weight }) => ({
      id,
      voteKey: bytesOf(voteKey),
      operator: operatorOf(id),
      stake,
      weight,
    })),
    joined: joinedIds.map((id) => ({ id, operator: operatorOf(id) })),
  }
}

/** Verifiers read at a time, below what one reading may hold. */
const VERIFIERS_READ = 64

/** An operator never changes, so it doesn't matter that many are read in several turns. */
async function operatorsOf(
  chain: Chain,
  ids: readonly number[],
  commitment: Commitment,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const operators = new Map<number, Uint8Array>()
  for (let first = 0; first < ids.length; first += VERIFIERS_READ) {
    const some = ids.slice(first, first + VERIFIERS_READ)
    const wants = Object.fromEntries(some.map((id) => [String(id), wantVerifier(chain.at, id)]))
    const { value } = await read(chain, wants, commitment)
    for (const id of some) {
      const verifier = present(value[String(id)], `verifier ${id}`, chain.at.verifier(id))
      operators.set(id, bytesOf(verifier.operator))
    }
  }
  return operators
}
