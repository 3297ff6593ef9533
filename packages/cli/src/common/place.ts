// Which network a command is about: an invite, or the file that `network create` wrote.
import { dirname, resolve } from 'node:path'
import { readConfig } from '@piecework/api'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { readText, replace } from './files.ts'
import { addressText, isInvite, readInvite } from './invite.ts'

export interface Place {
  readonly name: string
  readonly network: string
  readonly program: string
  readonly rpc: readonly string[]
  readonly bootstrap: readonly string[]
  /** What its first verifiers need: only where the network was created. */
  readonly genesis?: string | undefined
  readonly kinds?: string | undefined
  /** Where `network create` wrote it; undefined for an invite. */
  readonly file?: string | undefined
}

/** What `network create` writes. */
export const createdForm: z.ZodType<Place> = z.strictObject({
  name: z.string().min(1).max(64),
  network: addressText,
  program: addressText,
  rpc: z.array(z.url()).min(1),
  bootstrap: z.array(z.string()).default([]),
  genesis: z.string().optional(),
  kinds: z.string().optional(),
})

export const NETWORK_OPTION = {
  flags: '--network <invite>',
  about: 'an invite, or the created.yaml of `network create` (PIECEWORK_INVITE, where it is left out)',
} as const

export async function placeOf({ io }: Context, given: string | undefined): Promise<Place> {
  const where = given ?? io.env['PIECEWORK_INVITE']
  if (where === undefined) {
    throw new CliError('usage', 'Which network? Give --network an invite, or set PIECEWORK_INVITE to one.')
  }
  if (isInvite(where)) return readInvite(where)
  const file = resolve(io.folder, where)
  const place = readConfig(createdForm, { text: await readText(file), where })
  const beside = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : resolve(dirname(file), name)
  return { ...place, genesis: beside(place.genesis), kinds: beside(place.kinds), file }
}

/** A founder's own verifiers and settlers are in its file, and so in the invites that it writes. */
export async function remember({ file }: Place, dial: string): Promise<void> {
  if (file === undefined) return
  const document = parseDocument(await readText(file))
  document.addIn(['bootstrap'], dial)
  await replace(file, document.toString())
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/

/** Limits of libp2p that suit it: everything on one machine, or the open internet. */
export function presetOf({ rpc }: Pick<Place, 'rpc'>): 'local' | 'public' {
  return rpc.every((url) => LOOPBACK.test(new URL(url).hostname)) ? 'local' : 'public'
}
