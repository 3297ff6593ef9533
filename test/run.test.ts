// tools/run.mjs, in a workspace of its own whose `npx` only pretends to install.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from './support/sources.ts'

let workspace = ''

/** Notes how it was called. `install` leaves what INSTALLS says, `rebuild` puts things right. */
const npx = `#!/bin/sh
echo "$3" >> calls
echo "progress of the installer"
mkdir -p node_modules/node/bin
if [ "$3" = rebuild ] || [ "$INSTALLS" = whole ]; then ln -sf "$NODE" node_modules/node/bin/node; fi
if [ "$INSTALLS" = killed ]; then kill -INT $$; fi
[ "$INSTALLS" != nothing ]
`

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'piecework run '))
  for (const folder of ['tools', 'packages/one', 'bin'])
    mkdirSync(join(workspace, folder), { recursive: true })
  copyFileSync(join(root, 'tools/run.mjs'), join(workspace, 'tools/run.mjs'))
  writeFileSync(join(workspace, 'package.json'), '{"type":"module"}')
  writeFileSync(join(workspace, 'packages/one/package.json'), '{}')
  writeFileSync(join(workspace, 'bin/npx'), npx, { mode: 0o755 })
  writeFileSync(join(workspace, 'program.ts'), `console.log(JSON.stringify(process.argv.slice(2)))\n`)
})
afterEach(() => rmSync(workspace, { recursive: true }))

interface Options {
  readonly installs?: 'whole' | 'half' | 'nothing' | 'killed'
  readonly path?: string
  readonly nodeArguments?: readonly string[]
}

function environment({ installs = 'whole', path }: Options): NodeJS.ProcessEnv {
  return {
    PATH: path ?? `${join(workspace, 'bin')}:/usr/bin:/bin`,
    NODE: process.execPath,
    INSTALLS: installs,
  }
}

function run(argv: readonly string[], options: Options = {}) {
  const args = [...(options.nodeArguments ?? []), join(workspace, 'tools/run.mjs'), ...argv]
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: environment(options) })
}

function calls(): string[] {
  const file = join(workspace, 'calls')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

describe('installing', () => {
  it('happens once, keeps standard output clean, and works where the path has a space', () => {
    const first = run(['program.ts', 'a b', '--json'])
    expect(first.stdout).toBe('["a b","--json"]\n')
    expect(first.stderr).toContain('progress of the installer')
    expect(first.status).toBe(0)
    const second = run(['program.ts'])
    expect([second.status, second.stdout, second.stderr]).toEqual([0, '[]\n', ''])
    expect(calls()).toEqual(['install'])
  })

  it('happens again when a package, or the folder of modules, is another', () => {
    run(['program.ts'])
    appendFileSync(join(workspace, 'packages/one/package.json'), '\n')
    run(['program.ts'])
    expect(calls()).toHaveLength(2)
    rmSync(join(workspace, 'node_modules'), { recursive: true })
    expect(run(['program.ts']).status).toBe(0)
    expect(calls()).toHaveLength(3)
  })

  it('puts a half linked Node 24 right', () => {
    expect(run(['program.ts'], { installs: 'half' }).status).toBe(0)
    expect(calls()).toEqual(['install', 'rebuild'])
  })

  it('that fails says so, runs nothing, and is tried again', () => {
    const failed = run(['program.ts'], { installs: 'nothing' })
    expect(failed.status).toBe(1)
    expect(failed.stdout).toBe('')
    expect(failed.stderr).toContain('did not finish')
    expect(run(['program.ts'], { installs: 'killed' }).stderr).toContain('stopped by SIGINT')
    expect(run(['program.ts']).status).toBe(0)
  })
})

describe('a machine that lacks something', () => {
  it('is told about npm', () => {
    const { status, stderr } = run(['program.ts'], { path: join(workspace, 'nothing') })
    expect(status).toBe(1)
    expect(stderr).toContain('install npm')
  })

  it('is told about an old Node', () => {
    const older = `Object.defineProperty(process, 'versions', { value: { node: '18.20.0' } })`
    const { status, stderr } = run(['program.ts'], {
      nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(older)}`],
    })
    expect(status).toBe(1)
    expect(stderr).toContain('this is Node 18.20.0; Node 20 or newer is needed')
  })

  it('is told how to call it', () => {
    expect(run([]).status).toBe(2)
  })
})

describe('the program', () => {
  it('ends with its own exit code', () => {
    writeFileSync(join(workspace, 'program.ts'), 'process.exitCode = 7\n')
    expect(run(['program.ts']).status).toBe(7)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('gets %s and may end in its own way', async (signal) => {
    const program = `process.on('${signal}', () => { console.log('stopped cleanly'); process.exit(3) })
      setInterval(() => {}, 1000)
      console.log('ready')`
    writeFileSync(join(workspace, 'program.ts'), program)
    const child = spawn(process.execPath, [join(workspace, 'tools/run.mjs'), 'program.ts'], {
      env: environment({}),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let said = ''
    child.stdout.on('data', (bytes) => {
      said += bytes
      if (said === 'ready\n') child.kill(signal)
    })
    const [code] = await once(child, 'close')
    expect([said, code]).toEqual(['ready\nstopped cleanly\n', 3])
  })
})
