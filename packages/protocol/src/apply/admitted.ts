// What the included inventories admit besides heads: enrolments and opened known answers.
import { type AdmissionInput, admitHashes } from '../admission.ts'
import { toHex } from '../bytes.ts'
import { ProtocolError } from '../errors.ts'
import type { Facts } from '../facts.ts'
import type { Inputs } from '../inputs.ts'
import type { InventoryData } from '../inventory.ts'

export function admissionInput(
  { snapshot }: Facts,
  { inventories }: Pick<Inputs, 'inventories'>,
): AdmissionInput {
  return {
    inventories,
    weightOf: new Map(snapshot.map(({ id, weight }) => [id, weight])),
    totalWeight: snapshot.reduce((sum, { weight }) => sum + weight, 0),
  }
}

/** Of these messages the admitted ones. Each admitted one must be there: it can be fetched from whoever listed it. */
export function admittedOf<T extends { readonly hash: Uint8Array }>(
  admission: AdmissionInput,
  messages: readonly T[],
  listOf: (data: InventoryData) => readonly Uint8Array[],
): T[] {
  const hashes = admitHashes(admission, listOf)
  if (hashes.length === 0) return []
  const byHash = new Map(messages.map((message) => [toHex(message.hash), message]))
  return hashes.map((hash) => {
    const message = byHash.get(toHex(hash))
    if (message !== undefined) return message
    throw new ProtocolError(
      'inputs/invalid',
      `The admitted message ${toHex(hash)} is missing: fetch it by its hash.`,
    )
  })
}
