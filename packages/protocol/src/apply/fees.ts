// Steps 8 and 9: checkers share the fee pool by what they checked, the settler gets his part, rounding goes to the commons.

import { equalBytes } from '../bytes.ts'
import { ZERO_HASH } from '../hash.ts'
import type { Charges } from './charge.ts'
import type { Credits } from './credits.ts'
import { at, type Draft } from './draft.ts'
import type { PaidStint } from './outcomes.ts'

export interface FeeInput {
  readonly charges: Charges
  readonly paid: readonly PaidStint[]
  /** Wallet of the settler. */
  readonly settler: Uint8Array
  readonly credits: Credits
}

export function payFees(draft: Draft, { charges, paid, settler, credits }: FeeInput): void {
  const shares = sharesOf(paid)
  let total = 0n
  for (const share of shares.values()) total += BigInt(share)
  let left = charges.verifierPool
  for (const [verifier, share] of shares) {
    const amount = (charges.verifierPool * BigInt(share)) / total
    credits.toWallet(at(draft.verifiers, verifier).operator, amount)
    left -= amount
  }
  if (equalBytes(settler, ZERO_HASH)) left += charges.settlerPool
  else credits.toWallet(settler, charges.settlerPool)
  credits.commons += left
}

/** One for each decided stint with the matching T, and one for each drawn row. By ascending verifier. */
function sharesOf(paid: readonly PaidStint[]): ReadonlyMap<number, number> {
  const shares = new Map<number, number>()
  for (const { stint, agreed } of paid) {
    for (const { verifier } of agreed) shares.set(verifier, (shares.get(verifier) ?? 0) + 1 + stint.drawn)
  }
  return new Map([...shares].sort(([a], [b]) => a - b))
}
