// verifier: stake, run, ask how it stands.
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readOrMakeKeyFile } from '@piecework/api'
import { type Address, associatedTokens, joinRoster, type Signer, signerFromSecret } from '@piecework/chain'
import { keyFromSecret } from '@piecework/protocol'
import { z } from 'zod'
import { decimalsOf, land, needTokens, signerOf, stateOf, withChain } from '../common/chain.ts'
import {
  fromBase,
  needNew,
  readDaemonConfig,
  SET_OPTION,
  writeDaemonConfig,
} from '../common/daemon-config.ts'
import { statusVerb } from '../common/daemon-status.ts'
import { list, optionalText, text, wholeNumber } from '../common/input.ts'
import { tokensOf, unitsOf } from '../common/money.ts'
import { dialAddress } from '../common/peer.ts'
import { NETWORK_OPTION, type Place, placeOf, remember } from '../common/place.ts'
import { logOf, serve } from '../common/serve.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'
import { verifierSignsLater } from './sign-later.ts'

/** libp2p takes a second to load: only for commands that need it. */
const load = () => import('@piecework/verifier')

const CONFIG = 'verifier.yaml'
const LISTEN = '/ip4/0.0.0.0/tcp/4001'
const API_PORT = 7_332

interface Staking {
  readonly place: Place
  readonly operator: Signer
  readonly voteKey: Signer
  /** In tokens. */
  readonly amount: string
}

/** Another may take the id first: then it is sent again with the next one. */
const TRIES = 3

async function stakeOn(context: Context, { place, operator, voteKey, amount }: Staking): Promise<number> {
  return withChain(context, place, async (chain) => {
    for (let tried = 1; ; tried += 1) {
      const { network } = await stateOf(chain)
      const decimals = await decimalsOf(chain, network.mint)
      const stake = unitsOf(amount, decimals)
      const decimalsText = (units: bigint): string => tokensOf(units, decimals)
      if (stake < network.params.minStake) {
        throw new CliError(
          'usage',
          `The least stake here is ${decimalsText(network.params.minStake)} tokens.`,
        )
      }
      const wallet: Address = operator.address
      await needTokens(chain, { wallet, mint: network.mint, amount: stake, decimalsText })
      const id = network.nextVerifier
      const operatorTokens = associatedTokens(wallet, network.mint).address
      const who = { payer: wallet, operator: wallet, voteKey: voteKey.address, operatorTokens }
      const instructions = [joinRoster(chain.at, { ...who, id, stake })]
      try {
        await land(chain, { instructions, payer: operator, signers: [voteKey] })
        return id
      } catch (error) {
        const isTaken = (await stateOf(chain)).network.nextVerifier > id
        if (!isTaken || tried === TRIES) throw error
      }
    }
  })
}

const stake: Verb = defineVerb({
  words: 'stake',
  about: 'stake, join the verifiers of a network, and write the config of the daemon',
  options: [
    NETWORK_OPTION,
    {
      flags: '--operator <file>',
      about: 'key of the wallet whose tokens are staked; also pays 0.01 SOL of rent',
    },
    { flags: '--amount <tokens>', about: 'how much is staked' },
    { flags: '--folder <folder>', about: 'for its config, vote key and data (verifier)' },
    { flags: '--listen <address>', about: `where others can dial it (${LISTEN})` },
    {
      flags: '--bootstrap <address>',
      about: 'where another verifier can be dialled; again for more',
      many: true,
    },
    { flags: '--api-port <number>', about: `port of its local API (${API_PORT})` },
    { flags: '--genesis <file>', about: "genesis.bin of the network's founder; for its first verifiers" },
    { flags: '--kinds <file>', about: "kinds.bin of the network's founder; for its first verifiers" },
  ],
  examples: ['piecework verifier stake --network created.yaml --operator operator.json --amount 1000'],
  input: z.object({
    network: optionalText,
    operator: text,
    amount: text,
    folder: text.default('verifier'),
    listen: text.default(LISTEN),
    bootstrap: list,
    apiPort: wholeNumber.default(API_PORT),
    genesis: optionalText,
    kinds: optionalText,
  }),
  async run(context, { network, operator, amount, folder, listen, bootstrap, apiPort, genesis, kinds }) {
    const { io } = context
    const place = await placeOf(context, network)
    const base = resolve(io.folder, folder)
    const file = join(base, CONFIG)
    await needNew(file)
    const wallet = await signerOf(context, operator)
    const at = (path: string | undefined): string | undefined => path && resolve(io.folder, path)
    const blobs = { genesis: at(genesis) ?? place.genesis, kinds: at(kinds) ?? place.kinds }
    await mkdir(base, { recursive: true })
    const secret = await readOrMakeKeyFile(join(base, 'vote.json'), io.randomBytes)
    const voteKey = signerFromSecret(secret)
    const id = await stakeOn(context, { place, operator: wallet, voteKey, amount })
    await writeDaemonConfig(
      file,
      { ...place, bootstrap: [...place.bootstrap, ...bootstrap] },
      {
        folder: 'data',
        key: 'vote.json',
        listen: [listen],
        api: { host: '127.0.0.1', port: apiPort },
        ...definedOnly(blobs),
      },
    )
    const dial = dialAddress(listen, keyFromSecret(secret).publicKey)
    await remember(place, dial)
    context.print({ id, voteKey: voteKey.address, file, dial }, [
      `Verifier ${id} has staked ${amount} tokens: its vote key is ${voteKey.address}.`,
      `Start it with: piecework verifier start ${folder}`,
      `Others dial it at ${dial}`,
    ])
  },
})

function definedOnly(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}

const start: Verb = defineVerb({
  words: 'start [folder]',
  about: 'run the verifier of a folder until Ctrl-C',
  options: [SET_OPTION],
  examples: ['piecework verifier start verifier'],
  input: z.object({ folder: text.default('verifier'), set: list }),
  async run(context, { folder, set }) {
    const { openVerifier, verifierConfig } = await load()
    const wanted = { daemon: 'verifier', schema: verifierConfig, where: folder, set } as const
    const { config, base } = await readDaemonConfig(context, wanted)
    const log = logOf(context, 'verifier')
    const daemon = await openVerifier(
      fromBase(base, config, ['folder', 'key', 'genesis', 'kinds', 'wallet']),
      log,
    )
    const started = (): void => context.print({ ready: true }, ['The verifier runs. Ctrl-C stops it.'])
    await serve(context, { daemon, log, started })
  },
})

const status: Verb = statusVerb('verifier', async () => (await load()).verifierConfig)

export const verifier: Noun = {
  noun: 'verifier',
  about: "stake, check others' work, be paid for it",
  verbs: [stake, start, status, verifierSignsLater],
}
