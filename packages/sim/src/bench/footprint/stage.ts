// Where a contributor's node is measured: a local chain, a network with the public preset's times, and one verifier that
// is its hub, all set up by the commands that people type.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, systemIo } from '@piecework/cli'
import { Commands, freePorts, type Running, stopAll } from '@piecework/cli/local'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { type Wire, wireTo, wireToRpc } from './wire.ts'

const STAKE = '1000'

export interface Stage {
  /** The hub's address, through a wire of its own: what the bare node dials. */
  readonly hub: string
  /** Counts what the node says to its hub and to the chain. */
  readonly toHub: Wire
  readonly toChain: Wire
  /** Where its local API is. */
  readonly url: string
  startNode(): Running
  startBare(): Running
  end(): Promise<void>
}

const anything = z.unknown()
const chainSaid = z.object({ url: z.string(), key: z.string() })
const keySaid = z.object({ address: z.string(), file: z.string() })
const stakeSaid = z.object({ dial: z.string() })
const inviteSaid = z.object({ invite: z.string() })

export async function setStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-footprint-'))
  await mkdir(join(folder, 'logs'))
  // For the bare node too: what is compared is neither's compiler.
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled')
  const commands = new Commands(systemIo(), { folder, logs: join(folder, 'logs'), run })
  const wires: Wire[] = []
  const end = async (): Promise<void> => {
    await stopAll(commands.running.map((one) => [one]))
    await Promise.all(wires.map((wire) => wire.cut()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    return { ...(await setUp(commands, { folder, wires })), end }
  } catch (error) {
    await end()
    throw error
  }
}

async function setUp(
  commands: Commands,
  { folder, wires }: { folder: string; wires: Wire[] },
): Promise<Omit<Stage, 'end'>> {
  const chain = commands.start('chain', 'local', 'chain', '--folder', 'chain', '--port', '0')
  const { url: rpc, key } = chainSaid.parse(await chain.said())
  const [hubPort = 0, verifierApi = 0, nodeApi = 0] = await freePorts(3)
  const { dial, invite } = await found(commands, { folder, key, rpc, hubPort, verifierApi, nodeApi })
  const hub = commands.start('verifier', 'verifier', 'start')
  z.object({ ready: z.literal(true) }).parse(await hub.said())
  await commands.here(anything, 'network', 'start', '--network', invite, '--key', key)
  const through = async (): Promise<Wire> => {
    const wire = await wireTo(hubPort)
    if (wire === undefined) throw new Error('This machine gives no free port.')
    wires.push(wire)
    return wire
  }
  const [toHub, ofBare, toChain] = [
    await through(),
    await through(),
    await wireToRpc(Number(new URL(rpc).port)),
  ]
  wires.push(toChain)
  const dialled = (wire: Wire): string => dial.replace(`/tcp/${hubPort}/`, `/tcp/${wire.port}/`)
  const set = [`rpc=["http://127.0.0.1:${toChain.port}"]`, `bootstrap=["${dialled(toHub)}"]`, 'preset=public']
  const flags = set.flatMap((one) => ['--set', one])
  const bare = join(import.meta.dirname, 'bare.ts')
  const config = await readFile(join(folder, 'node', 'node.yaml'), 'utf8')
  const { network } = z.object({ network: z.string() }).parse(parse(config))
  return {
    ...{ toHub, toChain, hub: dialled(ofBare) },
    url: `http://127.0.0.1:${nodeApi}`,
    startNode: () => commands.start('node', 'node', 'start', ...flags),
    startBare: () => commands.program('bare', bare, [dialled(ofBare), network]),
  }
}

interface Founding {
  readonly folder: string
  readonly key: string
  readonly rpc: string
  readonly hubPort: number
  readonly verifierApi: number
  readonly nodeApi: number
}

async function found(
  commands: Commands,
  { folder, key, rpc, hubPort, verifierApi, nodeApi }: Founding,
): Promise<{ readonly dial: string; readonly invite: string }> {
  const operator = await commands.here(keySaid, 'key', 'new', 'operator.json')
  const node = await commands.here(keySaid, 'key', 'new', 'node.json')
  const wallet = await commands.here(keySaid, 'key', 'new', 'wallet.json')
  const nodes = [
    { key: node.address, wallet: wallet.address, kinds: { compute: 1_000 }, vouched: '5', name: 'anna' },
  ]
  await writeFile(
    join(folder, 'network.yaml'),
    stringify({ name: 'footprint', rpc: [rpc], preset: 'public', mint: 'new', nodes }),
  )
  await commands.here(anything, 'network', 'create', 'network.yaml', '--key', key)
  const of = ['--network', 'created.yaml']
  const funds = ['--tokens', STAKE, '--sol', '1', '--key', key]
  await commands.here(anything, 'network', 'fund', operator.address, ...of, ...funds)
  const { dial } = await commands.here(
    stakeSaid,
    ...['verifier', 'stake', ...of, '--operator', operator.file, '--amount', STAKE],
    ...['--listen', `/ip4/127.0.0.1/tcp/${hubPort}`, '--api-port', String(verifierApi)],
  )
  const { invite } = await commands.here(inviteSaid, 'network', 'invite', ...of)
  await commands.here(
    anything,
    ...['node', 'join', invite, '--key', node.file, '--wallet', wallet.address, '--vouched'],
    ...['--api-port', String(nodeApi), '--yes', '--no-start'],
  )
  return { dial, invite }
}
