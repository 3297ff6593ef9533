// Plays the payloads against the guarded fetch. One server stands for the public web; a canary on every address of this
// machine counts whoever reaches it, which nobody may.
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type FetchOptions, resolveName, WorkError } from '@piecework/work'
import { guardedFetchForTests } from '@piecework/work/testing'
import { redirectTargets, urlPayloads } from './payloads.ts'

const LIMITS = { bytes: 10_000, ms: 2_000, redirects: 3 }
const OPEN = '127.0.0.1'

export interface FetchPlayed {
  readonly payloads: number
  /** Names of those that were answered, or that failed in another way than by being refused or bounded. */
  readonly notRefused: readonly string[]
  readonly canaryReached: number
}

interface Try {
  readonly name: string
  readonly url: string
  readonly names?: readonly (readonly string[])[]
  readonly codes: readonly string[]
}

async function listening(server: Server, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** What it answers is in its path. */
function answer(path: string, response: ServerResponse): void {
  const [, what = '', more = ''] = path.split('/')
  const answers: Readonly<Record<string, () => void>> = {
    to: () => response.writeHead(302, { location: decodeURIComponent(more) }).end(),
    loop: () => response.writeHead(301, { location: path }).end(),
    long: () => response.end('x'.repeat(LIMITS.bytes + 1)),
    endless: () => endless(response),
    silent: () => response.write('x'),
    packed: () => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    cut: () => response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy()),
    headers: () => response.writeHead(200, { 'x-much': 'x'.repeat(100_000) }).end(),
    nothing: () => response.destroy(),
  }
  const play = answers[what]
  if (play === undefined) response.end('fine')
  else play()
}

function endless(response: ServerResponse): void {
  const more = () => {
    if (!response.destroyed) response.write('x'.repeat(1_000), more)
  }
  more()
}

function triesAt(openPort: number, canaryPort: number): readonly Try[] {
  const open = `http://${OPEN}:${openPort}`
  const bounded = (what: string, ...codes: string[]): Try => ({ name: what, url: `${open}/${what}`, codes })
  return [
    ...urlPayloads(canaryPort).map((payload) => ({ ...payload, codes: ['fetch/refused', 'fetch/failed'] })),
    ...redirectTargets(canaryPort).map((target) => {
      const url = `${open}/to/${encodeURIComponent(target)}`
      return { name: `leads on to ${target}`, url, names: [['10.0.0.1']], codes: ['fetch/refused'] }
    }),
    bounded('loop', 'fetch/limit'),
    bounded('long', 'fetch/limit'),
    bounded('endless', 'fetch/limit'),
    bounded('silent', 'fetch/limit'),
    bounded('packed', 'fetch/failed'),
    bounded('cut', 'fetch/failed'),
    bounded('headers', 'fetch/failed'),
    bounded('nothing', 'fetch/failed'),
    {
      name: 'a name that moves to the canary when asked again',
      url: `http://moves.example:${openPort}/to/${encodeURIComponent(`http://moves.example:${canaryPort}/`)}`,
      names: [[OPEN], ['127.0.0.2']],
      codes: ['fetch/refused'],
    },
  ]
}

/** Names of this machine are asked of its own resolver; no other name leaves it. */
async function localName(host: string): Promise<readonly string[]> {
  return /localhost/i.test(host) ? resolveName(host) : []
}

function optionsOf({ names }: Try): FetchOptions {
  let asked = 0
  return {
    job: 'adversary 22',
    resolve: async (host) =>
      names === undefined ? localName(host) : (names[Math.min(asked++, names.length - 1)] ?? []),
    now: () => 0,
    refusedHosts: [],
    log: () => {},
  }
}

/** Undefined when it was refused or bounded as it should be. */
async function wrong(one: Try, openPort: number, canaryPort: number): Promise<string | undefined> {
  const servers = [{ address: OPEN, port: openPort }]
  const fetch = guardedFetchForTests(optionsOf(one), { servers, ports: [canaryPort] })
  try {
    const { status } = await fetch.get(one.url, LIMITS)
    return `${one.name}: answered ${status}`
  } catch (error) {
    if (error instanceof WorkError && one.codes.includes(error.code)) return undefined
    return `${one.name}: ${error instanceof WorkError ? error.code : error}`
  }
}

export async function playFetch(stride: number): Promise<FetchPlayed> {
  let canaryReached = 0
  const open = createServer((request, response) => answer(request.url ?? '', response))
  const canary = createServer((_, response) => response.end('reached'))
  canary.on('connection', () => {
    canaryReached += 1
  })
  const openPort = await listening(open, OPEN)
  const canaryPort = await listening(canary, '::')
  try {
    const tries = triesAt(openPort, canaryPort).filter((_, i) => i % stride === 0)
    const found = await Promise.all(tries.map((one) => wrong(one, openPort, canaryPort)))
    return { payloads: tries.length, notRefused: found.filter((one) => one !== undefined), canaryReached }
  } finally {
    for (const server of [open, canary]) {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}
