// An invite: one line that says where a network is. It holds nothing secret, and nothing in it is believed: the address
// names the network's account on chain, and everything else follows from that.
import { parseAddress } from '@piecework/chain'
import { z } from 'zod'
import { CliError } from '../errors.ts'

const PREFIX = 'pw1'
/** Some endpoints and some verifiers: more help nobody, and a line should stay one that can be pasted. */
const MAX_LINE = 8_192
const MAX_LISTED = 32

export const addressText: z.ZodType<string, string> = z
  .string()
  .refine(isAddress, 'is no address: 32 bytes in base58')

function isAddress(text: string): boolean {
  try {
    return parseAddress(text) === text
  } catch {
    return false
  }
}

export interface Invite {
  readonly v: 1
  readonly name: string
  readonly network: string
  readonly program: string
  readonly rpc: readonly string[]
  readonly bootstrap: readonly string[]
}

const inviteForm = z.strictObject({
  v: z.literal(1),
  name: z.string().min(1).max(64),
  network: addressText,
  program: addressText,
  rpc: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .max(MAX_LISTED),
  bootstrap: z.array(z.string().startsWith('/')).max(MAX_LISTED),
})

export function isInvite(text: string): boolean {
  return text.startsWith(PREFIX)
}

export function writeInvite(invite: Omit<Invite, 'v'>): string {
  const { name, network, program, rpc, bootstrap } = invite
  const json = JSON.stringify(inviteForm.parse({ v: 1, name, network, program, rpc, bootstrap }))
  return PREFIX + Buffer.from(json).toString('base64url')
}

export function readInvite(line: string): Invite {
  const text = line.trim()
  if (!isInvite(text) || text.length > MAX_LINE) throw notOne('it does not begin with pw1')
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(text.slice(PREFIX.length), 'base64url').toString('utf8'))
  } catch {
    throw notOne('a part of it is missing')
  }
  const read = inviteForm.safeParse(value)
  if (read.success) return read.data
  throw notOne(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

function notOne(why: string): CliError {
  return new CliError('usage', `This is no invite: ${why}. Copy the whole line that begins with pw1.`)
}
