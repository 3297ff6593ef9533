// Sets up the local network, step by step, by the commands that a founder, operators, contributors and a requester type.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { PROGRAM_ADDRESS } from '../common/program.ts'
import { CliError } from '../errors.ts'
import {
  BUSY_PHASES,
  type Cast,
  type Funds,
  OPERATOR_FUNDS,
  PAYER_FUNDS,
  REQUESTER_FUNDS,
  STAKE,
  TRIAL_ROWS,
  USUAL_KINDS,
} from './cast.ts'
import type { Running } from './child.ts'
import type { Commands } from './commands.ts'
import {
  joinNodes,
  joinSettlers,
  LOOPBACK,
  numbers,
  type People,
  type Person,
  type RunningNode,
  stakeAll,
  takeFrom,
} from './joining.ts'
import { freePorts } from './ports.ts'

export type { RunningNode } from './joining.ts'

export interface World {
  /** The chain's RPC. */
  readonly url: string
  readonly invite: string
  readonly created: string
  readonly key: string
  readonly nodes: readonly RunningNode[]
  /** Wallets of settlers, who keep what carrying claims costs. */
  readonly settlerWallets: readonly string[]
  readonly posts: readonly { readonly name: string; readonly post: Running }[]
  /** In the order of start: stopped in reverse. */
  readonly groups: Running[][]
}

const chainSaid = z.object({ url: z.string(), key: z.string() })
const keySaid = z.object({ address: z.string(), file: z.string() })
const inviteSaid = z.object({ invite: z.string() })
const anything = z.unknown()
const readySaid = z.object({ ready: z.literal(true) })
const errorSaid = z.object({ error: z.object({ message: z.string() }) })

export async function ready(daemon: Running): Promise<void> {
  const said = await daemon.said()
  const { data: failed } = errorSaid.safeParse(said)
  if (failed !== undefined)
    throw new CliError('failed', `${daemon.name} does not start: ${failed.error.message}`)
  readySaid.parse(said)
}

/** A program in place of `node start`, and what follows it. */
export interface Program {
  readonly file: string
  readonly argv: readonly string[]
}

export interface JobFolder {
  readonly name: string
  readonly from: string
}

export interface Setting {
  readonly cast: Cast
  readonly folder: string
  /** What the requester posts. */
  readonly jobs: readonly JobFolder[]
  /** Undefined for a node like everybody's; so is a setting without it. */
  readonly programOf?: (node: RunningNode) => Program | undefined
  readonly tell: (line: string) => void
  /** Told of every group as soon as it runs, so that it is stopped whatever fails after. */
  readonly groups: Running[][]
  /** Where the chain and each daemon listen, by name, where that is not the loopback of this machine. */
  readonly hostOf?: (name: string) => string
  /** Parameters of the network that differ from those of the local preset, and from what a busy machine needs of them. */
  readonly params?: Readonly<Record<string, number>>
}

/** Everything runs, all jobs are on their way, and the network has not begun. */
export async function setUp(commands: Commands, setting: Setting): Promise<World> {
  const { cast, folder, tell, groups, hostOf = () => LOOPBACK, params = {} } = setting
  tell('starting a local chain')
  const at = ['--host', hostOf('chain'), '--port', '0']
  const chain = commands.start('chain', 'local', 'chain', '--folder', 'chain', ...at)
  groups.push([chain])
  const { url, key } = chainSaid.parse(await chain.said())
  const founder = { folder, key, url, params }
  tell('founding a network, and handing out tokens')
  const people = await makePeople(commands, cast)
  const created = await found(commands, founder, people)
  await handOut(commands, { created, key }, people)
  tell(`staking: ${cast.verifiers} verifiers with ${cast.stakes?.join(', ') ?? STAKE} tokens each`)
  const ports = await freePorts(2 * cast.verifiers + 2 * cast.settlers + cast.contributors.length)
  const take = takeFrom(ports)
  const { stakes } = cast
  await stakeAll(commands, { created, take, hostOf, count: cast.verifiers, ...(stakes && { stakes }) })
  const verifiers = numbers(cast.verifiers).map((id) =>
    commands.start(`verifier-${id}`, 'verifier', 'start', `verifier-${id}`),
  )
  groups.push(verifiers)
  await Promise.all(verifiers.map(ready))
  tell(`${cast.verifiers} verifiers run`)
  await joinSettlers(commands, { created, take, hostOf, count: cast.settlers })
  const settlers = numbers(cast.settlers).map((id) =>
    commands.start(`settler-${id}`, 'settler', 'start', `settler-${id}`),
  )
  groups.push(settlers)
  await Promise.all(settlers.map(ready))
  tell(`${cast.settlers} settlers run`)
  const { invite } = await commands.here(inviteSaid, 'network', 'invite', '--network', created)
  const nodes = await joinNodes(commands, { invite, people, take, folder })
  const started = nodes.map((node) => startNode(commands, setting, node))
  groups.push(started)
  await Promise.all(started.map(ready))
  tell(`${nodes.length} contributors run: ${nodes.map(({ name, role }) => `${name} (${role})`).join(', ')}`)
  const posts = setting.jobs.map(({ name, from }) => {
    const post = commands.start(
      `post-${name}`,
      'job',
      'post',
      from,
      '--network',
      invite,
      '--key',
      'requester.json',
    )
    return { name, post }
  })
  groups.push(posts.map(({ post }) => post))
  const settlerWallets = people.payers.map(({ address }) => address)
  return { url, invite, created, key, nodes, settlerWallets, posts, groups }
}

function startNode(commands: Commands, { programOf }: Setting, node: RunningNode): Running {
  const program = programOf?.(node)
  return program === undefined
    ? commands.start(node.name, 'node', 'start', node.folder)
    : commands.program(node.name, program.file, program.argv)
}

async function makePeople(commands: Commands, cast: Cast): Promise<People> {
  const key = (name: string): Promise<Person> => commands.here(keySaid, 'key', 'new', `${name}.json`)
  const many = (name: string, count: number): Promise<Person[]> =>
    Promise.all(Array.from({ length: count }, (_, id) => key(`${name}-${id}`)))
  return {
    operators: await many('operator', cast.verifiers),
    payers: await many('payer', cast.settlers),
    requester: await key('requester'),
    contributors: await Promise.all(
      cast.contributors.map(async (one) => ({
        ...one,
        node: await key(`${one.name}-node`),
        wallet: await key(`${one.name}-wallet`),
      })),
    ),
  }
}

interface Founder {
  readonly folder: string
  readonly key: string
  readonly url: string
  readonly params: Readonly<Record<string, number>>
}

async function found(
  commands: Commands,
  { folder, key, url, params }: Founder,
  people: People,
): Promise<string> {
  const listed = people.contributors.filter(({ vouched }) => vouched !== undefined)
  const kinds = new Set(people.contributors.flatMap(({ does = USUAL_KINDS }) => does))
  const founding = {
    name: 'local',
    rpc: [url],
    program: PROGRAM_ADDRESS,
    preset: 'local',
    mint: 'new',
    params: { ...BUSY_PHASES, trialRows: TRIAL_ROWS, ...params },
    kinds: Object.fromEntries([...kinds].map((kind) => [kind, {}])),
    nodes: listed.map(({ name, node, wallet, vouched, does = USUAL_KINDS }) => ({
      name,
      key: node.address,
      wallet: wallet.address,
      kinds: Object.fromEntries(does.map((kind) => [kind, 1_000])),
      vouched,
    })),
  }
  await mkdir(join(folder, 'network'))
  await writeFile(join(folder, 'network', 'network.yaml'), stringify(founding))
  await commands.here(anything, 'network', 'create', 'network/network.yaml', '--key', key)
  return join('network', 'created.yaml')
}

interface Bank {
  readonly created: string
  readonly key: string
}

/** One after the other: all are paid by one account. */
async function handOut(commands: Commands, { created, key }: Bank, people: People): Promise<void> {
  const give = (to: Person, funds: Funds): Promise<unknown> => {
    const flags = Object.entries(funds).flatMap(([name, amount]) => [`--${name}`, amount])
    return commands.here(
      anything,
      'network',
      'fund',
      to.address,
      '--network',
      created,
      '--key',
      key,
      ...flags,
    )
  }
  await Promise.all([
    ...people.operators.map((one) => give(one, OPERATOR_FUNDS)),
    ...people.payers.map((one) => give(one, PAYER_FUNDS)),
    give(people.requester, REQUESTER_FUNDS),
  ])
}
