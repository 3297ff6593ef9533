// Accounts by the program that owns them.
import { z } from 'zod'
import { readTokenAccount } from '../../chain/token.ts'
import type { Account } from '../../vm/account.ts'
import { fromBase58 } from '../../vm/address.ts'
import { accountFields } from '../account-json.ts'
import { inContext } from '../backend.ts'
import { invalidParams } from '../errors.ts'
import { address, configWith, count, type Methods, method, type Optional, viewOf } from '../params.ts'
import { showAccount } from './accounts.ts'

/** The real cluster's bounds. */
const MAX_FILTERS = 4
const MAX_MEMCMP_BYTES = 128

interface Memcmp {
  readonly offset: number
  readonly bytes: string
  readonly encoding?: 'base58' | 'base64' | null | undefined
}

export type Filter = 'tokenAccountState' | { readonly dataSize: number } | { readonly memcmp: Memcmp }

const memcmp: z.ZodType<Memcmp> = z.object({
  offset: count,
  bytes: z.string(),
  encoding: z.enum(['base58', 'base64']).nullish(),
})

const filter: z.ZodType<Filter> = z.union([
  z.object({ dataSize: count }),
  z.object({ memcmp }),
  z.literal('tokenAccountState'),
])

export const filters: Optional<readonly Filter[]> = z
  .array(filter)
  .max(MAX_FILTERS, `Too many filters provided; max ${MAX_FILTERS}`)
  .nullish()

export const programMethods: Methods = {
  getProgramAccounts: method(
    z.tuple([
      address,
      configWith({
        ...accountFields,
        filters,
        withContext: z.boolean().nullish(),
        sortResults: z.boolean().nullish(),
      }),
    ]),
    (backend, [program, config]) => {
      const view = viewOf(backend, config)
      const passes = accountFilter(config?.filters ?? [])
      const found = backend.chain
        .accountsOf(program, view.commitment)
        .filter(({ account }) => passes(account))
        .sort((a, b) => (a.address < b.address ? -1 : 1))
        .map((keyed) => ({
          pubkey: keyed.address,
          account: showAccount(keyed.account, { backend, view, look: config }),
        }))
      return config?.withContext ? inContext(view.slot, found) : found
    },
  ),
}

export function accountFilter(list: readonly Filter[]): (account: Account) => boolean {
  const tests = list.map(testOf)
  return (account) => tests.every((test) => test(account))
}

function testOf(one: Filter): (account: Account) => boolean {
  if (one === 'tokenAccountState') return (account) => readTokenAccount(account)?.state === 'initialized'
  if ('dataSize' in one) return (account) => account.data.length === one.dataSize
  const wanted = memcmpBytes(one.memcmp)
  const { offset } = one.memcmp
  return (account) => Buffer.compare(account.data.subarray(offset, offset + wanted.length), wanted) === 0
}

function memcmpBytes({ bytes, encoding }: Memcmp): Uint8Array {
  const wanted = encoding === 'base64' ? Buffer.from(bytes, 'base64') : fromBase58(bytes, MAX_MEMCMP_BYTES)
  if (wanted === undefined)
    throw invalidParams(`Invalid params: memcmp bytes are no base58 of at most ${MAX_MEMCMP_BYTES} bytes`)
  if (wanted.length > MAX_MEMCMP_BYTES)
    throw invalidParams(`Invalid params: memcmp compares at most ${MAX_MEMCMP_BYTES} bytes`)
  return wanted
}
