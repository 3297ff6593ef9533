// Runs one of the project's TypeScript programs on Node 24, installing what it needs first.
// Plain JavaScript, because it is what a bare machine with Node 20 and npm starts:
//   node tools/run.mjs tools/test.ts [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The oldest Node that can start pnpm 10 and this file. */
const OLDEST_NODE = 20

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.piecework-installed')
const node24 = join(root, 'node_modules', 'node', 'bin', 'node')

function stop(code, ...lines) {
  for (const line of lines) console.error(`piecework: ${line}`)
  process.exit(code)
}

/** What decides the contents of node_modules: when none of it changed, nothing is installed again. */
function wanted() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name))
  const manifests = ['.', 'node', 'verifier', ...packages].map((folder) => join(folder, 'package.json'))
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(file).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function pnpm(...args) {
  // Standard output belongs to the program that runs afterwards: the installer talks on standard error.
  const { error, status, signal } = spawnSync('npx', ['-y', 'pnpm@10', ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, npm_config_prefer_offline: 'true', npm_config_yes: 'true' },
  })
  if (error?.code === 'ENOENT') stop(1, 'npx is not there: install npm, which brings it, and try again.')
  if (signal !== null) stop(1, `the installation was stopped by ${signal}; the next run goes on with it.`)
  return status === 0
}

const node24Runs = () => spawnSync(node24, ['--version']).status === 0

function install() {
  console.error('piecework: installing what is needed (first run, or the packages changed) ...')
  const began = Date.now()
  const done =
    pnpm('install', '--frozen-lockfile', '--prefer-offline', '--config.confirmModulesPurge=false') &&
    // An installation that was cut short can leave Node 24 half linked, which pnpm takes for done.
    (node24Runs() || (pnpm('rebuild', 'node') && node24Runs()))
  if (!done) {
    stop(
      1,
      'the installation did not finish; the lines above say why. Running the same command again goes on with it.',
      "Without a network, only what the package manager's cache already holds can be installed.",
    )
  }
  writeFileSync(stamp, wanted())
  console.error(`piecework: installed in ${Math.round((Date.now() - began) / 1000)} s`)
}

function run(program, args) {
  const child = spawn(node24, [join(root, program), ...args], { cwd: root, stdio: 'inherit' })
  child.on('error', (error) => stop(1, `Node 24 does not start: ${error.message}`))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal gives Ctrl-C to the program too: sent on, it would arrive twice, as if in a hurry.
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal)
    })
  }
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

const [program, ...rest] = process.argv.slice(2)
if (program === undefined) stop(2, 'usage: node tools/run.mjs PROGRAM [ARGUMENT ...]')
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  stop(
    1,
    `this is Node ${process.versions.node}; Node ${OLDEST_NODE} or newer is needed (https://nodejs.org).`,
  )
}
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted()) install()
run(program, rest)
