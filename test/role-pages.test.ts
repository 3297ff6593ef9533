// The pages for people, as people follow them: every command of the quick start and of the four roles is typed here, on one
// local network.
//   ```sh local          each line in one shell, in the order of the pages
//   ```sh local after X  the same, once the page X is through
//   ```sh clone          in one shell, from the root of the repository: makes the command and its folder
//   ```sh terminal       in a terminal of its own: it runs until the end, and is waited for until it says that it runs
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Block, blocksOf, commandsOf, pages } from './support/markdown.ts'
import { root } from './support/sources.ts'

const PAGES = ['quick-start', 'verifier', 'settler', 'contributor', 'requester']
/** A refund takes three epochs, and machines may be slow. */
const DEADLINE_MS = 240_000

const blocks: readonly Block[] = PAGES.flatMap((name) =>
  pages.filter(({ path }) => path === `docs/${name}.md`).flatMap(blocksOf),
)

/** A block that comes after a page stands behind all of that page's own. */
function inOrder(): readonly Block[] {
  const ordered: Block[] = []
  for (const page of PAGES) {
    const own = blocks.filter(({ file, info }) => file === `docs/${page}.md` && !info.includes(' after '))
    const waiting = blocks.filter(({ info }) => info === `sh local after ${page}`)
    ordered.push(...own.filter(({ info }) => info === 'sh local' || info === 'sh terminal'), ...waiting)
  }
  return ordered
}

let folder = ''
let environment: NodeJS.ProcessEnv = {}
const terminals: ChildProcess[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-pages-'))
  const shim = join(folder, 'piecework')
  const main = join(root, 'packages', 'cli', 'src', 'main.ts')
  writeFileSync(shim, `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`)
  chmodSync(shim, 0o755)
  cpSync(join(root, 'docs', 'examples'), join(folder, 'examples'), { recursive: true })
  // The pages use the usual port of a local chain; here it is one that is free.
  const port = await freePort()
  environment = {
    PATH: `${folder}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    CHAIN_PORT: String(port),
    PIECEWORK_RPC: `[http://127.0.0.1:${port}]`,
  }
})

afterAll(async () => {
  for (const terminal of terminals.reverse()) await ended(terminal)
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<number>()
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    resolve(typeof address === 'object' && address !== null ? address.port : 0)
  })
  const port = await promise
  server.close()
  return port
}

function ended(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  child.on('exit', () => resolve())
  if (child.exitCode !== null || child.signalCode !== null) resolve()
  child.kill('SIGTERM')
  return promise
}

interface Typed {
  readonly code: number
  readonly said: string
}

/** What `export` has set is there for the commands after it. */
function type(command: string, cwd = folder): Promise<Typed> {
  const exported = /^export (\w+)=(.*)$/.exec(command)
  if (exported !== null) environment = { ...environment, [exported[1] ?? '']: exported[2] }
  const child = spawn('sh', ['-c', command], { cwd, env: environment })
  const { promise, resolve } = Promise.withResolvers<Typed>()
  let said = ''
  child.stdout.on('data', (bytes) => (said += bytes))
  child.stderr.on('data', (bytes) => (said += bytes))
  child.on('close', (code) => resolve({ code: code ?? -1, said }))
  return promise
}

/** Resolves with what it says when it runs; rejects when it ends instead. */
function open(command: string): Promise<string> {
  const line = command.replace('local chain', 'local chain --port $CHAIN_PORT')
  const child = spawn('sh', ['-c', `exec ${line}`], { cwd: folder, env: environment })
  terminals.push(child)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  child.stderr.on('data', (bytes) => (said += bytes))
  child.stdout.on('data', (bytes) => {
    said += bytes
    if (said.includes('Ctrl-C stops it')) resolve(said)
  })
  child.on('exit', (code) => reject(new Error(`${command} ended with ${code}:\n${said}`)))
  return promise
}

describe('the pages of the roles', () => {
  const commands = inOrder().flatMap((block) => commandsOf(block).map((command) => ({ ...block, command })))

  it('have commands, and none that is left out', () => {
    const written = blocks.filter(({ info }) => info.startsWith('sh local') || info === 'sh terminal')
    expect(commands).toHaveLength(written.flatMap(commandsOf).length)
    expect(commands.length).toBeGreaterThan(25)
  })

  it('make the command and its folder in a clone', async () => {
    const lines = blocks.filter(({ info }) => info === 'sh clone').flatMap(commandsOf)
    const { code, said } = await type([...lines, 'piecework job check examples/primes'].join('\n'), root)
    expect(code, said).toBe(0)
  })

  it.each(commands.map((one) => [one.command, one.file, one.info] as const))(
    '%s (%s)',
    async (command, _, info) => {
      if (info === 'sh terminal') expect(await open(command)).toContain('Ctrl-C stops it')
      else {
        const { code, said } = await type(command)
        expect(code, said).toBe(0)
      }
    },
    DEADLINE_MS,
  )
})
