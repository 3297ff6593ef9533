// settler: bring posts, votes and claims on chain, for a fee.
import { mkdir } from 'node:fs/promises'
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
import { list, optionalText, text, wholeNumber } from '../common/input.ts'
import { dialAddress } from '../common/peer.ts'
import { NETWORK_OPTION, type Place, placeOf, remember } from '../common/place.ts'
import { logOf, serve } from '../common/serve.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'

/** libp2p takes a second to load: only for commands that need it. */
const load = () => import('@piecework/settler')

const CONFIG = 'settler.yaml'
const API_PORT = 7_333

function dialLine({ file }: Place, dial: string): string {
  const how =
    file === undefined
      ? 'the founder adds it with `network invite --bootstrap`'
      : 'invites name it from now on'
  return `Contributors dial it at ${dial}: ${how}.`
}

const join_: Verb = defineVerb({
  words: 'join',
  about: 'write the config of a settler for a network',
  options: [
    NETWORK_OPTION,
    { flags: '--wallet <file>', about: 'key that pays for transactions and gets the fees' },
    { flags: '--folder <folder>', about: 'for its config, key and data (settler)' },
    { flags: '--listen <address>', about: 'where others can dial it; again for more', many: true },
    { flags: '--bootstrap <address>', about: 'where a verifier can be dialled; again for more', many: true },
    { flags: '--api-port <number>', about: `port of its local API (${API_PORT})` },
  ],
  examples: ['piecework settler join --network pw1... --wallet payer.json'],
  input: z.object({
    network: optionalText,
    wallet: text,
    folder: text.default('settler'),
    listen: list,
    bootstrap: list,
    apiPort: wholeNumber.default(API_PORT),
  }),
  async run(context, { network, wallet, folder, listen, bootstrap, apiPort }) {
    const { io } = context
    const place = await placeOf(context, network)
    const base = resolve(io.folder, folder)
    const file = join(base, CONFIG)
    await needNew(file)
    const payer = resolve(io.folder, wallet)
    const { address } = signerFromSecret(await readKeyFile(payer))
    await mkdir(base, { recursive: true })
    const { publicKey } = keyFromSecret(await readOrMakeKeyFile(join(base, 'peer.json'), io.randomBytes))
    const [dial] = listen.map((one) => dialAddress(one, publicKey))
    await writeDaemonConfig(
      file,
      { ...place, bootstrap: [...place.bootstrap, ...bootstrap] },
      {
        folder: 'data',
        key: 'peer.json',
        wallet: payer,
        listen,
        api: { host: '127.0.0.1', port: apiPort },
      },
    )
    if (dial !== undefined) await remember(place, dial)
    context.print({ file, wallet: address, dial }, [
      `${file} is written. Its wallet ${address} needs SOL for fees.`,
      `Start it with: piecework settler start ${folder}`,
      ...(dial === undefined ? [] : [dialLine(place, dial)]),
    ])
  },
})

const start: Verb = defineVerb({
  words: 'start [folder]',
  about: 'run the settler of a folder until Ctrl-C',
  options: [SET_OPTION],
  examples: ['piecework settler start settler'],
  input: z.object({ folder: text.default('settler'), set: list }),
  async run(context, { folder, set }) {
    const { openSettler, settlerConfig } = await load()
    const wanted = { daemon: 'settler', schema: settlerConfig, where: folder, set } as const
    const { config, base } = await readDaemonConfig(context, wanted)
    const log = logOf(context, 'settler')
    const daemon = await openSettler(fromBase(base, config, ['folder', 'key', 'wallet']), log)
    const started = (): void => context.print({ ready: true }, ['The settler runs. Ctrl-C stops it.'])
    await serve(context, { daemon, log, started })
  },
})

const status: Verb = statusVerb('settler', async () => (await load()).settlerConfig)

export const settler: Noun = {
  noun: 'settler',
  about: 'bring posts, votes and claims on chain, for a fee',
  verbs: [join_, start, status],
}
