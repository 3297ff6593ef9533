// network.yaml: what a founder decides. `network init` writes it with its comments, `network create` reads it.

import { z } from 'zod'
import { addressText } from '../common/invite.ts'
import { PROGRAM_ADDRESS } from '../common/program.ts'

export interface FoundingNode {
  readonly name?: string | undefined
  readonly key: string
  readonly wallet: string
  /** Tasks an epoch, by the name of the kind. */
  readonly kinds: Readonly<Record<string, number>>
  readonly vouched: string
  readonly minAmount: string
  readonly maxFee: string
}

/** Amounts are in tokens. */
export interface Founding {
  readonly name: string
  readonly rpc: readonly string[]
  readonly program: string
  readonly preset: 'local' | 'public'
  readonly mint: string
  readonly token: { readonly decimals: number; readonly supply: string }
  readonly params: Readonly<Record<string, number | string>>
  readonly kinds: Readonly<Record<string, { readonly rate?: number | undefined; readonly cap: number }>>
  readonly nodes: readonly FoundingNode[]
}

const tokens: z.ZodType<string, string | number> = z.union([z.string(), z.number().transform(String)])
const share = z.number().gt(0).max(1)

const nodeForm = z.strictObject({
  name: z.string().optional(),
  key: addressText,
  wallet: addressText,
  kinds: z.record(z.string(), z.int().positive()),
  vouched: tokens,
  minAmount: tokens.default('0'),
  maxFee: tokens.default('0.01'),
})

export const foundingForm: z.ZodType<Founding> = z.strictObject({
  name: z.string().min(1).max(64),
  rpc: z.array(z.url()).min(1),
  program: addressText.default(PROGRAM_ADDRESS),
  preset: z.enum(['local', 'public']),
  mint: z.union([z.literal('new'), addressText]),
  token: z
    .strictObject({ decimals: z.int().min(0).max(18).default(6), supply: tokens.default('1000000') })
    .prefault({}),
  params: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  kinds: z
    .record(z.string(), z.strictObject({ rate: share.optional(), cap: z.int().min(0).default(0) }))
    .prefault({ compute: {} }),
  nodes: z.array(nodeForm).default([]),
})

export function foundingText(name: string): string {
  return `# What your network is. Change what you like, then: piecework network create <this file> --key <founder's key file>

# Part of the network's address, with your key: a name can be used once.
name: ${name}

# RPC endpoints of the chain it lives on. Give three from different providers, so that one that lies or fails does no harm.
rpc:
  - http://127.0.0.1:8899

# local: epochs of 12 seconds, for trying things on one machine. public: epochs of 5 minutes.
preset: local

# The token that work is paid in: the address of a mint of the classic token program, or new.
mint: new
token:
  decimals: 6
  # Of a new mint: all of it goes to you.
  supply: 1000000

# Parameters that differ from the preset's, by name; money in tokens. For instance:
#   minStake: 100
#   trialRows: 10
params: {}

# Kinds of work that can be posted: compute, custom, web, bandwidth, label, judge. rate: the least share of rows that is checked again.
kinds:
  compute: {}

# Contributors whom you know, and vouch for: an amount that counts as bond, so that they are paid from their first epoch
# on. It is no money. Everybody can see whom you vouched for. "piecework key show FILE" prints keys and wallets.
#   - name: anna
#     key: <address of the node's key>
#     wallet: <address of the wallet that is paid>
#     kinds: { compute: 100 }   # tasks an epoch
#     vouched: 50
nodes: []
`
}
