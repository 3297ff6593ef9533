// node: contribute.
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readKeyFile, readOrMakeKeyFile } from '@piecework/api'
import { signerFromSecret } from '@piecework/chain'
import { keyFromSecret } from '@piecework/protocol'
import { z } from 'zod'
import {
  fromBase,
  needNew,
  readDaemonConfig,
  SET_OPTION,
  writeDaemonConfig,
} from '../common/daemon-config.ts'
import { statusVerb } from '../common/daemon-status.ts'
import { isThere } from '../common/files.ts'
import { flag, list, optionalText, text, wholeNumber } from '../common/input.ts'
import { addressText } from '../common/invite.ts'
import { type Place, placeOf } from '../common/place.ts'
import { logOf, serve } from '../common/serve.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Wallet } from '../node/enrol.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'
import { backup, restore } from './node-backup.ts'
import { nodeSignsLater } from './sign-later.ts'

const CONFIG = 'node.yaml'
const API_PORT = 7_331
/** In tokens. */
const MAX_FEE = '0.01'
const CAPACITY = 1_000
const BYTES_OF_MB = 1_048_576

interface Start {
  readonly folder: string
  readonly set: readonly string[]
}

/** libp2p takes a second to load: only for commands that need it. */
const load = () => import('@piecework/node')

async function runNode(context: Context, { folder, set }: Start): Promise<void> {
  const { nodeConfig, openNode } = await load()
  const wanted = { daemon: 'node', schema: nodeConfig, where: folder, set } as const
  const { config, base } = await readDaemonConfig(context, wanted)
  const log = logOf(context, 'node')
  const daemon = await openNode(fromBase(base, config, ['folder', 'key', 'enrolment']), log)
  const started = (): void => {
    context.print({ ready: true }, [
      'The node runs. Ctrl-C stops it; `piecework node start` with its folder goes on where it stopped.',
    ])
  }
  await serve(context, { daemon, log, started })
}

const joining = z.object({
  invite: text,
  folder: text.default('node'),
  wallet: text,
  key: optionalText,
  kind: list,
  host: list,
  capacity: wholeNumber.default(CAPACITY),
  maxFee: text.default(MAX_FEE),
  apiPort: wholeNumber.default(API_PORT),
  signature: optionalText,
  vouched: flag,
  yes: flag,
  start: z.boolean().default(true),
  set: list,
})

const join_: Verb = defineVerb({
  words: 'join <invite>',
  about: 'contribute to a network: make a key, enrol for a wallet, and start',
  options: [
    {
      flags: '--wallet <wallet>',
      about: 'who is paid: a key file, or an address whose owner signs the enrolment',
    },
    { flags: '--folder <folder>', about: 'for its config, key and data (node)' },
    { flags: '--key <file>', about: "the node's own key; made in the folder, where it is left out" },
    { flags: '--kind <name>', about: 'a kind of work to do (compute); again for more', many: true },
    {
      flags: '--host <name>',
      about: 'a host that jobs may fetch from; "*" is any; again for more',
      many: true,
    },
    { flags: '--capacity <tasks>', about: `tasks an epoch that this machine can do (${CAPACITY})` },
    { flags: '--max-fee <tokens>', about: `what carrying a claim may cost (${MAX_FEE})` },
    { flags: '--api-port <number>', about: `port of its local API (${API_PORT})` },
    { flags: '--signature <base58>', about: "the wallet's signature of the text that join has shown" },
    { flags: '--vouched', about: "the network's founder has listed this node: no enrolment is needed" },
    { flags: '--yes', about: 'agree to what these kinds do to this machine, without being asked' },
    { flags: '--no-start', about: 'only write the config' },
    SET_OPTION,
  ],
  examples: ['piecework node join pw1... --wallet wallet.json --yes'],
  input: joining,
  run: joinNetwork,
})

async function joinNetwork(context: Context, input: z.output<typeof joining>): Promise<void> {
  const { io } = context
  const place = await placeOf(context, input.invite)
  const base = resolve(io.folder, input.folder)
  const file = join(base, CONFIG)
  await needNew(file)
  if (!input.yes) {
    const what = await touched(kindsOf(input.kind))
    throw new CliError('usage', `This machine would do ${what}. Add --yes to agree.`)
  }
  await mkdir(base, { recursive: true })
  const keyFile = input.key === undefined ? join(base, 'key.json') : resolve(io.folder, input.key)
  const key = keyFromSecret(await readOrMakeKeyFile(keyFile, io.randomBytes))
  const wallet = await walletOf(context, input.wallet, input.signature)
  const kinds = kindsOf(input.kind).map((kind) => {
    const hosts = input.host.length === 0 ? {} : { hosts: [...input.host] }
    return { kind, capacity: input.capacity, ...hosts }
  })
  if (!input.vouched) {
    const { makeEnrolment } = await import('../node/enrol.ts')
    const enrolment = await makeEnrolment(context, {
      place,
      key,
      wallet,
      kinds,
      maxFee: input.maxFee,
      folder: base,
    })
    await writeFile(join(base, 'enrolment.bin'), enrolment)
  }
  await writeDaemonConfig(file, place, {
    folder: 'data',
    key: keyFile,
    wallet: wallet.address,
    ...(input.vouched ? {} : { enrolment: 'enrolment.bin' }),
    kinds,
    api: { host: '127.0.0.1', port: input.apiPort },
  })
  const { address } = signerFromSecret(await readKeyFile(keyFile))
  if (input.start) {
    tellPlan(context, place, input.folder)
    return runNode(context, input)
  }
  context.print({ file, node: address, wallet: wallet.address }, [
    `${file} is written. Start it with: piecework node start ${input.folder}`,
  ])
}

function kindsOf(kinds: readonly string[]): readonly string[] {
  return kinds.length === 0 ? ['compute'] : kinds
}

/** What joining with these kinds does to this machine, for people. */
async function touched(names: readonly string[]): Promise<string> {
  const { bytesOfPlans } = await import('@piecework/work')
  const { installedKinds } = await import('../common/kinds.ts')
  const kinds = await installedKinds()
  const work = `${names.join(', ')}: programs of strangers run in a sandbox that reaches nothing else here`
  const links = names.flatMap((name) => {
    const most = kinds.named(name).most
    if (most === undefined) return []
    const megabytes = Math.ceil(bytesOfPlans([most]) / BYTES_OF_MB)
    return [
      `; for ${name} each verifier measures the link, and a job may have it send this machine up to ${megabytes} MB an epoch, ` +
        'which go back (`linkMb` in the config bounds all of it; 128 where nothing is said)',
    ]
  })
  return [work, ...links].join('')
}

function tellPlan(context: Context, { name }: Place, folder: string): void {
  context.note(
    `Joining ${name}. A new node enters with the next epoch, and is dealt work from three epochs after that one on; ` +
      'its first pay fills its bond, and what is above that is yours. ' +
      `\`piecework earnings show ${folder}\` says how it goes.`,
  )
}

async function walletOf({ io }: Context, given: string, signature: string | undefined): Promise<Wallet> {
  const file = resolve(io.folder, given)
  if (await isThere(file)) {
    const signer = signerFromSecret(await readKeyFile(file))
    return { address: signer.address, sign: (text) => signer.sign(text) }
  }
  const address = addressText.safeParse(given)
  if (!address.success) throw new CliError('usage', `--wallet ${given} is neither a key file nor an address.`)
  return { address: address.data, signature }
}

const start: Verb = defineVerb({
  words: 'start [folder]',
  about: 'run the node of a folder until Ctrl-C',
  options: [SET_OPTION],
  examples: ['piecework node start node'],
  input: z.object({ folder: text.default('node'), set: list }),
  run: runNode,
})

const status: Verb = statusVerb('node', async () => (await load()).nodeConfig)

export const node: Noun = {
  noun: 'node',
  about: 'contribute a machine and be paid for its work',
  verbs: [join_, start, status, backup, restore, nodeSignsLater],
}
