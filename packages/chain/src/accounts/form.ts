// How an account of the program is told from any other bytes.
import type { Address } from '../address.ts'
import { type Layout, viewOf } from '../codec/layout.ts'
import { ChainError } from '../errors.ts'

/** Every account's version, until the program changes its layout. */
export const ACCOUNT_VERSION = 1

/** What every account of the program begins with. */
export interface Head {
  readonly kind: number
  readonly version: number
  readonly bump: number
}

export interface InNetwork extends Head {
  readonly network: Address
}

export interface AccountForm<T extends Head> {
  readonly kind: number
  readonly layout: Layout<T>
}

/** An account as the cluster gives it. */
export interface RawAccount {
  readonly owner: Address
  readonly lamports: bigint
  readonly data: Uint8Array
}

/** The value of an account's bytes; throws when they are not of this form, or not the program's. */
export function decodeAccount<T extends Head>(form: AccountForm<T>, raw: RawAccount, programId: Address): T {
  const name = form.layout.type
  if (raw.owner !== programId) {
    throw notOurs(name, `it is owned by ${raw.owner}. Check the program id, and which cluster this is.`)
  }
  if (raw.data[0] !== form.kind) throw notOurs(name, `it is of kind ${raw.data[0] ?? 'none'}`)
  if (raw.data[1] !== ACCOUNT_VERSION) {
    throw notOurs(
      name,
      `its version is ${raw.data[1] ?? 'none'}: use the release that belongs to this program`,
    )
  }
  if (raw.data.length !== form.layout.size) {
    const why = `${raw.data.length} bytes are no ${name}: ${form.layout.size} are`
    throw new ChainError('account/malformed', why, { name })
  }
  return form.layout.read(viewOf(raw.data), 0)
}

function notOurs(name: string, why: string): ChainError {
  return new ChainError('account/not-ours', `This is no ${name} of the program: ${why}`, { name })
}
