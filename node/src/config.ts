// The config of a contributor's node: every key with what it means.
import { ENROLMENT_ATTRIBUTES, ENROLMENT_KINDS } from '@piecework/protocol'
import { z } from 'zod'

/** Declared, where nothing is said: dealt are at most twice what a node was paid for before. */
export const USUAL_CAPACITY = 1_000
/** A machine that only does this has a core to spare for it; one that does other things too, says so. */
const USUAL_PARALLEL = 1
/** Of five minutes: three and a half megabits a second, in each direction. */
export const USUAL_LINK_MB = 128
/** Inputs of jobs that are kept on disk. */
const USUAL_CONTENT_MB = 512

const names = z.array(z.string().min(1)).max(64).default([])
const amount = z.union([z.int().min(0).transform(BigInt), z.string().regex(/^\d+$/).transform(BigInt)])

const kind = z.strictObject({
  kind: z.string().min(1).describe('the kind of work'),
  capacity: z
    .int()
    .min(1)
    .max(65_536)
    .default(USUAL_CAPACITY)
    .describe('tasks per epoch that this machine can do'),
  hosts: names.describe('hosts that its jobs may reach; "*" is any'),
  files: names.describe('files that its jobs may read; "*" is any'),
  devices: names.describe('devices that its jobs may use; "*" is any'),
})

const api = z.strictObject({
  host: z.string().default('127.0.0.1').describe('where the local API listens'),
  port: z.int().min(0).max(65_535).default(7331).describe('its port; 0 takes any'),
})

export interface KindConfig {
  readonly kind: string
  readonly capacity: number
  readonly hosts: readonly string[]
  readonly files: readonly string[]
  readonly devices: readonly string[]
}

const program = z.strictObject({
  command: z.string().min(1).describe('the program'),
  args: z.array(z.string()).default([]).describe('its arguments'),
})

export interface NodeConfig {
  readonly network: string
  readonly program: string
  readonly rpc: readonly string[]
  readonly folder: string
  readonly key: string
  readonly wallet: string
  readonly enrolment?: string | undefined
  readonly listen: readonly string[]
  readonly bootstrap: readonly string[]
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly mdns: boolean
  readonly api: { readonly host: string; readonly port: number }
  readonly preset: 'local' | 'public'
  readonly kinds?: readonly KindConfig[] | undefined
  readonly packages: readonly string[]
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  readonly answers?: { readonly command: string; readonly args: readonly string[] } | undefined
  readonly refusedHosts: readonly string[]
  readonly parallel: number
  readonly batchSeconds?: number | undefined
  readonly claimFrom: bigint
  readonly contentMb: number
  readonly linkMb: number
}

export const nodeConfig: z.ZodType<NodeConfig> = z.strictObject({
  network: z.string().describe('address of the network on chain'),
  program: z.string().describe('address of the program'),
  rpc: z.array(z.url()).min(1).describe("endpoints of the chain's RPC; reading is enough"),
  folder: z.string().min(1).describe('folder of its data'),
  key: z.string().min(1).describe("file of the node's own key, which can't move money"),
  wallet: z.string().describe('address that is paid; its secret is not needed here'),
  enrolment: z.string().optional().describe('file of the enrolment that `node join` made'),
  listen: z.array(z.string()).default([]).describe('addresses to listen at; a home needs none'),
  bootstrap: z.array(z.string()).default([]).describe('addresses of hubs'),
  allow: z
    .array(z.string())
    .default([])
    .describe('peers (/p2p/KEY) and subnets (/ip4/192.0.2.0/ipcidr/24) that are never banned nor too many'),
  deny: z.array(z.string()).default([]).describe('peers and subnets that are never let in'),
  mdns: z
    .boolean()
    .default(false)
    .describe('asks the local network for hubs; off, so that nobody there is told what runs here'),
  api: api.prefault({}).describe('the local API'),
  preset: z.enum(['local', 'public']).default('public').describe('limits of the network'),
  kinds: z
    .array(kind)
    .min(1)
    .max(ENROLMENT_KINDS)
    .optional()
    .describe(
      'kinds of work to do; left out: all dealt ones that anyone can re-check and that touch nothing',
    ),
  packages: z.array(z.string()).default([]).describe('packages with further kinds of work'),
  attributes: z
    .array(z.strictObject({ name: z.string().min(1), value: z.string() }))
    .max(ENROLMENT_ATTRIBUTES)
    .default([])
    .describe('plain claims that jobs can ask for: languages, country, cell, hardware'),
  answers: program
    .optional()
    .describe('a program of your own that answers what tasks ask; left out: you do, with `work do`'),
  refusedHosts: names.describe('hosts that no job may reach, with all that is below them'),
  parallel: z.int().min(1).max(64).default(USUAL_PARALLEL).describe('tasks at once'),
  batchSeconds: z
    .number()
    .min(0.1)
    .max(300)
    .optional()
    .describe('the longest that a row waits for its batch'),
  claimFrom: amount.default(1n).describe('smallest amount that is claimed, in smallest units'),
  linkMb: z
    .int()
    .min(1)
    .default(USUAL_LINK_MB)
    .describe('traffic an epoch for having the link measured, in each direction'),
  contentMb: z.int().min(16).default(USUAL_CONTENT_MB).describe('inputs of jobs to keep on disk'),
})
