// The config of a settler: every key with what it means. What a verifier needs to run one beside it is `settling` alone.
import { z } from 'zod'
import type { RelayTerms } from './relay/relay.ts'

/** A tenth of a SOL: some ten thousand transactions, or fifty new token accounts. */
const USUAL_LOW_SOL = 0.1
const LAMPORTS_PER_SOL = 1e9
/** One a minute: more often nobody needs to be paid. */
const USUAL_PER_WALLET = 60
/** 0.03 SOL of fees. */
const USUAL_TOTAL = 6_000
/** 0.4 SOL of rent, which nobody gives back. */
const USUAL_NEW_ACCOUNTS = 200
const USUAL_MINUTES = 60
/** A day: longer limits would have to outlive the process. */
const MOST_MINUTES = 1_440
/** All that are counted are kept in memory. */
const MOST_CLAIMS = 100_000

/** What it does, and for how much. */
export interface SettlingOptions {
  readonly relay: RelayTerms
  /** In lamports. */
  readonly lowBalance: bigint
  /** Millionths of a lamport for a unit of computing. */
  readonly priority: bigint
}

export interface SettlerConfig extends SettlingOptions {
  readonly network: string
  readonly program: string
  readonly rpc: readonly string[]
  readonly folder: string
  readonly key: string
  readonly wallet: string
  readonly listen: readonly string[]
  readonly bootstrap: readonly string[]
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly api: { readonly host: string; readonly port: number }
  readonly preset: 'local' | 'public'
}

const amount = z.union([z.int().min(0).transform(BigInt), z.string().regex(/^\d+$/).transform(BigInt)])
const count = z.int().min(0).max(MOST_CLAIMS)

const relay = z.strictObject({
  fee: amount.default(0n).describe("what carrying a claim costs, in the token's smallest units"),
  newAccountFee: amount
    .default(0n)
    .describe('on top when the wallet needs a token account, whose rent it pays'),
  leastFee: amount.default(0n).describe('claims that allow a smaller fee are not carried'),
  perWallet: count.default(USUAL_PER_WALLET).describe('claims of one wallet that it carries in that time'),
  total: count.default(USUAL_TOTAL).describe('claims that it carries in that time'),
  newAccounts: count.default(USUAL_NEW_ACCOUNTS).describe('token accounts that it makes in that time'),
  minutes: z
    .number()
    .min(1)
    .max(MOST_MINUTES)
    .default(USUAL_MINUTES)
    .describe('the time they are counted over'),
})

const settlingKeys = {
  relay: relay.prefault({}).describe('carrying claims of contributors without SOL'),
  lowBalance: z
    .number()
    .min(0)
    .default(USUAL_LOW_SOL)
    .transform((sol) => BigInt(Math.round(sol * LAMPORTS_PER_SOL)))
    .describe('SOL in its wallet below which it warns'),
  priority: amount
    .default(0n)
    .describe('millionths of a lamport that it pays for a unit of computing, to be first on a busy cluster'),
}

export const settling: z.ZodType<SettlingOptions> = z.strictObject(settlingKeys)

const api = z.strictObject({
  host: z.string().default('127.0.0.1').describe('where the local API listens'),
  port: z.int().min(0).max(65_535).default(7333).describe('its port; 0 takes any'),
})

export const settlerConfig: z.ZodType<SettlerConfig> = z.strictObject({
  network: z.string().describe('address of the network on chain'),
  program: z.string().describe('address of the program'),
  rpc: z.array(z.url()).min(1).describe("endpoints of the chain's RPC, which take transactions"),
  folder: z.string().min(1).describe('folder of its data'),
  key: z.string().min(1).describe("file of the key that other peers know it by; it can't move money"),
  wallet: z.string().min(1).describe('file of the Solana key that pays, and gets the fees'),
  listen: z.array(z.string()).default([]).describe('addresses to listen at'),
  bootstrap: z.array(z.string()).default([]).describe('addresses of hubs'),
  allow: z
    .array(z.string())
    .default([])
    .describe('peers (/p2p/KEY) and subnets (/ip4/192.0.2.0/ipcidr/24) that are never banned nor too many'),
  deny: z.array(z.string()).default([]).describe('peers and subnets that are never let in'),
  api: api.prefault({}).describe('the local API'),
  preset: z.enum(['local', 'public']).default('public').describe('limits of the network'),
  ...settlingKeys,
})
