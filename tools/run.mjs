// Runs one of the project's TypeScript programs on Node 24, installing what it needs first.
// Plain JavaScript, because it is what a bare machine with Node 20 and npm starts:
//   node tools/run.mjs tools/test.ts [arguments]
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.piecework-installed')
const node24 = join(root, 'node_modules', 'node', 'bin', 'node')

/** What decides the contents of node_modules: when none of it changed, nothing is installed again. */
function wanted() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name))
  const manifests = ['.', 'node', 'verifier', ...packages].map((folder) => join(folder, 'package.json'))
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(file).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function install() {
  console.error('piecework: installing what is needed (first run, or the packages changed) ...')
  // Standard output belongs to the program that runs afterwards: the installer talks on standard error.
  const done = spawnSync('npx', ['-y', 'pnpm@10', 'install', '--frozen-lockfile', '--prefer-offline'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, npm_config_prefer_offline: 'true', npm_config_yes: 'true' },
  })
  if (done.status !== 0 || !existsSync(node24)) {
    console.error('piecework: the installation did not finish; the lines above say why.')
    console.error('Without a network, the package manager can only install what its cache already holds.')
    process.exit(1)
  }
  writeFileSync(stamp, wanted())
}

const [program, ...rest] = process.argv.slice(2)
if (program === undefined) {
  console.error('usage: node tools/run.mjs PROGRAM [ARGUMENT ...]')
  process.exit(2)
}
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted()) install()

const ran = spawnSync(node24, [join(root, program), ...rest], { cwd: root, stdio: 'inherit' })
if (ran.error) console.error(`piecework: ${ran.error.message}`)
process.exit(ran.status ?? 1)
