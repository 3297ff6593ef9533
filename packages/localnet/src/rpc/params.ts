// Parameters, checked before a method sees them. Unknown fields of a config are ignored and null counts as absent,
// as on the real cluster.
import { z } from 'zod'
import type { Commitment } from '../chain/slots.ts'
import {
  ADDRESS_BYTES,
  type Address,
  type Blockhash,
  isBase58Of,
  SIGNATURE_BYTES,
  type Signature,
} from '../vm/address.ts'
import type { Backend } from './backend.ts'
import { invalidParams, MIN_CONTEXT_SLOT, RpcError } from './errors.ts'

export interface Method {
  readonly run: (backend: Backend, params: unknown) => unknown
}

export type Methods = Readonly<Record<string, Method>>

/** A method whose parameters have this shape. */
export function method<P>(shape: z.ZodType<P>, run: (backend: Backend, params: P) => unknown): Method {
  return { run: (backend, params) => run(backend, checked(shape, params)) }
}

export function checked<P>(shape: z.ZodType<P>, params: unknown): P {
  const result = shape.safeParse(params ?? [])
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  throw invalidParams(`Invalid params: ${where}${issue?.message ?? 'wrong shape'}`)
}

const MAX_U64 = 2n ** 64n - 1n

export const address: z.ZodType<Address> = z
  .string()
  .refine((text) => isBase58Of(text, ADDRESS_BYTES), 'not a base58 address of 32 bytes')

export const signature: z.ZodType<Signature> = z
  .string()
  .refine((text) => isBase58Of(text, SIGNATURE_BYTES), 'not a base58 signature of 64 bytes')

export const blockhash: z.ZodType<Blockhash> = z
  .string()
  .refine((text) => isBase58Of(text, ADDRESS_BYTES), 'not a base58 blockhash of 32 bytes')

export const count: z.ZodType<number> = z.number().int().nonnegative()

export const u64: z.ZodType<bigint> = z
  .union([z.number().int().nonnegative(), z.bigint().nonnegative().max(MAX_U64)])
  .transform((value) => BigInt(value))

/** A field that may be missing or null. */
export type Optional<T> = z.ZodType<T | null | undefined>

export const commitment: z.ZodType<Commitment> = z.enum(['processed', 'confirmed', 'finalized'])

export interface ContextConfig {
  readonly commitment?: Commitment | null | undefined
  readonly minContextSlot?: number | null | undefined
}

export const contextConfig: Optional<ContextConfig> = configWith({})

type Fields = Readonly<Record<string, z.ZodType>>
type ConfigOf<F extends Fields> = ContextConfig & { readonly [K in keyof F]?: z.infer<F[K]> }

/** A config object, itself optional, with these fields besides commitment and minContextSlot. */
export function configWith<F extends Fields>(fields: F): Optional<ConfigOf<F>> {
  const contextFields = { commitment: commitment.nullish(), minContextSlot: count.nullish() }
  // Zod can't see that a generic shape's own fields are what it infers for them.
  return z.object({ ...contextFields, ...fields }).nullish() as unknown as Optional<ConfigOf<F>>
}

/** What clients get that ask for nothing. */
const DEFAULT_COMMITMENT: Commitment = 'finalized'

export interface View {
  readonly commitment: Commitment
  readonly slot: number
}

/** The commitment that a config asks for, and the slot it stands at. */
export function viewOf(backend: Backend, config: ContextConfig | null | undefined): View {
  const commitment = config?.commitment ?? DEFAULT_COMMITMENT
  const slot = backend.chain.slots.at(commitment)
  const least = config?.minContextSlot ?? 0
  if (slot < least) {
    throw new RpcError(MIN_CONTEXT_SLOT, 'Minimum context slot has not been reached', { contextSlot: slot })
  }
  return { commitment, slot }
}

/** History is only told once a slot is confirmed. */
export function confirmedViewOf(backend: Backend, config: ContextConfig | null | undefined): View {
  if (config?.commitment === 'processed') {
    throw invalidParams('Method does not support commitment below `confirmed`')
  }
  return viewOf(backend, config)
}
