// Who joins the local network before it begins, by the commands that they would type: verifiers, settlers, nodes.
import { z } from 'zod'
import { type Contributor, STAKE, USUAL_KINDS } from './cast.ts'
import type { Commands } from './commands.ts'

export const LOOPBACK = '127.0.0.1'

export interface RunningNode extends Contributor {
  readonly url: string
  readonly folder: string
  readonly wallet: string
}

export interface Person {
  readonly address: string
  readonly file: string
}

export interface People {
  readonly operators: readonly Person[]
  readonly payers: readonly Person[]
  readonly requester: Person
  readonly contributors: readonly (Contributor & { readonly node: Person; readonly wallet: Person })[]
}

const anything = z.unknown()

export type Take = () => string

export function takeFrom(ports: readonly number[]): Take {
  const left = [...ports]
  return () => String(left.pop())
}

const listenAt = (host: string, port: string): string => `/ip4/${host}/tcp/${port}`

export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, id) => id)

export interface Placing {
  readonly created: string
  readonly take: Take
  readonly hostOf: (name: string) => string
  readonly count: number
  readonly stakes?: readonly string[]
}

/** Each dials those before it, and so in the end all are connected. */
export async function stakeAll(
  commands: Commands,
  { created, take, hostOf, count, stakes }: Placing,
): Promise<void> {
  for (const id of numbers(count)) {
    await commands.here(
      anything,
      ...['verifier', 'stake', '--network', created, '--operator', `operator-${id}.json`],
      ...[
        '--amount',
        stakes?.[id] ?? STAKE,
        '--folder',
        `verifier-${id}`,
        '--listen',
        listenAt(hostOf(`verifier-${id}`), take()),
        '--api-port',
        take(),
      ],
    )
  }
}

export async function joinSettlers(
  commands: Commands,
  { created, take, hostOf, count }: Placing,
): Promise<void> {
  for (const id of numbers(count)) {
    await commands.here(
      anything,
      ...[
        'settler',
        'join',
        '--network',
        created,
        '--wallet',
        `payer-${id}.json`,
        '--folder',
        `settler-${id}`,
      ],
      ...['--listen', listenAt(hostOf(`settler-${id}`), take()), '--api-port', take()],
    )
  }
}

export interface Joining {
  readonly invite: string
  readonly people: People
  readonly take: Take
  readonly folder: string
}

export async function joinNodes(
  commands: Commands,
  { invite, people, take }: Joining,
): Promise<readonly RunningNode[]> {
  return Promise.all(
    people.contributors.map(async ({ node, wallet, ...one }) => {
      const port = take()
      // Who is vouched for needs no enrolment, and so no secret of its wallet.
      const who = one.vouched === undefined ? [wallet.file] : [wallet.address, '--vouched']
      const kinds = (one.does ?? USUAL_KINDS).flatMap((kind) => ['--kind', kind])
      await commands.here(
        anything,
        ...['node', 'join', invite, '--folder', one.name, '--key', node.file, '--wallet', ...who],
        ...['--api-port', port, '--yes', '--no-start', ...kinds, '--host', LOOPBACK],
      )
      return { ...one, url: `http://127.0.0.1:${port}`, folder: one.name, wallet: wallet.address }
    }),
  )
}
