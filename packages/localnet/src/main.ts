// Runs a local chain until it is told to stop:  node packages/localnet/src/main.ts --help
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalnetError } from './errors.ts'
import { HELP, readFlags } from './flags.ts'
import { type Localnet, type LocalnetOptions, startLocalnet } from './localnet.ts'
import { systemPorts } from './ports.ts'

const BAD_OPTIONS_EXIT = 2

async function main(): Promise<void> {
  const flags = await readFlags(process.argv.slice(2), systemPorts.random)
  if (flags === undefined) return console.log(HELP)
  const { options, json } = flags
  if (options.keyFile !== undefined || options.ledger !== undefined) return run(options, json)
  // Without a ledger, the key goes with the chain.
  const folder = await mkdtemp(join(tmpdir(), 'localnet-'))
  try {
    await run({ ...options, keyFile: join(folder, 'key.json') }, json)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(options: LocalnetOptions, json: boolean): Promise<void> {
  const localnet = await startLocalnet(options)
  console.log(json ? JSON.stringify(summary(localnet, options)) : greeting(localnet, options))
  await told(['SIGINT', 'SIGTERM'])
  await localnet.stop()
}

function summary(localnet: Localnet, { programs = [], mints = [] }: LocalnetOptions): object {
  const { url, wsUrl, keyFile, fundedAddress } = localnet
  return {
    url,
    wsUrl,
    keyFile,
    fundedAddress,
    programs: programs.map(({ address }) => address),
    mints: mints.map(({ address, decimals }) => ({ address, decimals })),
  }
}

function greeting(localnet: Localnet, { programs = [], mints = [], ledger }: LocalnetOptions): string {
  return [
    `local chain  ${localnet.url}`,
    `websocket    ${localnet.wsUrl}`,
    `funded key   ${localnet.keyFile} (${localnet.fundedAddress})`,
    `kept in      ${ledger ?? 'memory: it ends with this process'}`,
    ...programs.map(({ address }) => `program      ${address}`),
    ...mints.map(({ address, decimals }) => `mint         ${address} (${decimals} decimals)`),
    'Ctrl-C stops it.',
  ].join('\n')
}

function told(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve())
  })
}

try {
  await main()
} catch (error) {
  if (!(error instanceof LocalnetError)) throw error
  console.error(error.message)
  process.exitCode = error.code === 'option/invalid' ? BAD_OPTIONS_EXIT : 1
}
