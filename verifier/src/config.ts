// The config of a verifier: every key with what it means.
import { type SettlingOptions, settling } from '@piecework/settler'
import { z } from 'zod'

/** Specs, inputs and allow lists of jobs: sixteen of the largest. */
const USUAL_CONTENT_MB = 4_096
/** Thirty links with 4 MB at two moments; averaged over five minutes, seven megabits a second. */
const USUAL_MEASURE_MB = 256
/** States that others can catch up from. */
const USUAL_STATES = 4
/** Leaves a core of a small server to everything else. */
const USUAL_PARALLEL = 2

const api = z.strictObject({
  host: z.string().default('127.0.0.1').describe('where the local API listens'),
  port: z.int().min(0).max(65_535).default(7332).describe('its port; 0 takes any'),
})

export interface VerifierConfig {
  readonly network: string
  readonly program: string
  readonly rpc: readonly string[]
  readonly folder: string
  readonly key: string
  readonly genesis?: string | undefined
  readonly kinds?: string | undefined
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly bootstrap: readonly string[]
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly mdns: boolean
  readonly api: { readonly host: string; readonly port: number }
  readonly preset: 'local' | 'public'
  readonly packages: readonly string[]
  readonly parallel: number
  readonly contentMb: number
  readonly measureMb: number
  readonly states: number
  readonly settle: boolean
  readonly wallet?: string | undefined
  readonly settling: SettlingOptions
}

export const verifierConfig: z.ZodType<VerifierConfig> = z
  .strictObject({
    network: z.string().describe('address of the network on chain'),
    program: z.string().describe('address of the program'),
    rpc: z.array(z.url()).min(1).describe("endpoints of the chain's RPC; reading is enough"),
    folder: z.string().min(1).describe('folder of its data'),
    key: z.string().min(1).describe("file of the vote key, which can't move money"),
    genesis: z.string().optional().describe("file of the network's genesis state; first verifiers need it"),
    kinds: z.string().optional().describe('file of the parameters of kinds; first verifiers need it'),
    listen: z.array(z.string()).min(1).describe('addresses to listen at'),
    announce: z
      .array(z.string())
      .default([])
      .describe('addresses at which others can dial it, where it stands behind something'),
    bootstrap: z.array(z.string()).default([]).describe('addresses of other hubs'),
    allow: z
      .array(z.string())
      .default([])
      .describe('peers (/p2p/KEY) and subnets (/ip4/192.0.2.0/ipcidr/24) that are never banned nor too many'),
    deny: z.array(z.string()).default([]).describe('peers and subnets that are never let in'),
    mdns: z
      .boolean()
      .default(false)
      .describe('answers nodes that ask the local network for hubs, and asks it for others'),
    api: api.prefault({}).describe('the local API'),
    preset: z.enum(['local', 'public']).default('public').describe('limits of the network'),
    packages: z.array(z.string()).default([]).describe('packages with further kinds of work'),
    parallel: z.int().min(1).max(64).default(USUAL_PARALLEL).describe('checks at once'),
    contentMb: z.int().min(64).default(USUAL_CONTENT_MB).describe('content of jobs to keep on disk'),
    measureMb: z
      .int()
      .min(0)
      .default(USUAL_MEASURE_MB)
      .describe('traffic an epoch for measuring links, in each direction; 0: none is measured'),
    states: z
      .int()
      .min(2)
      .max(64)
      .default(USUAL_STATES)
      .describe('final states that others can catch up from'),
    settle: z.boolean().default(false).describe('runs a settler too, which pays for what it posts'),
    wallet: z.string().optional().describe('file of the Solana key that pays, when it settles'),
    settling: settling.prefault({}).describe('how it settles'),
  })
  .refine(({ settle, wallet }) => !settle || wallet !== undefined, {
    error: 'to settle it needs the file of a wallet that pays',
    path: ['wallet'],
  })
