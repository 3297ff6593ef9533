// network: found one, let others in, look at one.
import { dirname, join, resolve } from 'node:path'
import { readConfig } from '@piecework/api'
import { type Address, entriesOf, type NetworkState, paramsOf, parseAddress, start } from '@piecework/chain'
import { stringify } from 'yaml'
import { z } from 'zod'
import { decimalsOf, land, signerOf, stateOf, withChain } from '../common/chain.ts'
import { readText, writeNew } from '../common/files.ts'
import { list, optionalText, text } from '../common/input.ts'
import { writeInvite } from '../common/invite.ts'
import { installedKinds } from '../common/kinds.ts'
import { tokensOf } from '../common/money.ts'
import { NETWORK_OPTION, placeOf } from '../common/place.ts'
import { addressFor, makeNetwork } from '../network/create.ts'
import { foundingForm, foundingText } from '../network/founding.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'
import { fund } from './fund.ts'

const SECRET_BYTES = 32

const init: Verb = defineVerb({
  words: 'init <file>',
  about: 'write a network.yaml with comments, to be changed',
  options: [{ flags: '--name <name>', about: 'what it is called (my-network)' }],
  examples: ['piecework network init network.yaml --name my-network'],
  input: z.object({ file: text, name: text.default('my-network') }),
  async run(context, { file, name }) {
    const path = resolve(context.io.folder, file)
    await writeNew(path, foundingText(name))
    context.print({ file: path }, [`${path} is written: change what you like, then run network create.`])
  },
})

const create: Verb = defineVerb({
  words: 'create <file>',
  about: 'make the network of a network.yaml on chain, and the files that verifiers begin with',
  options: [
    { flags: '--key <file>', about: "the founder's key: pays, and becomes the network's authority" },
    { flags: '--folder <folder>', about: 'where its files go (beside network.yaml)' },
  ],
  examples: ['piecework network create network.yaml --key founder.json'],
  input: z.object({ file: text, key: text, folder: optionalText }),
  async run(context, { file, key, folder }) {
    const path = resolve(context.io.folder, file)
    const founding = readConfig(foundingForm, {
      text: await readText(path),
      env: context.io.env,
      where: file,
    })
    const creator = await signerOf(context, key)
    const network = addressFor(founding, creator.address)
    const place = {
      name: founding.name,
      network,
      program: founding.program,
      rpc: founding.rpc,
      bootstrap: [],
    }
    const made = await withChain(context, place, async (chain) =>
      makeNetwork(chain, {
        founding,
        creator,
        kinds: await installedKinds(),
        mintSecret: context.io.randomBytes(SECRET_BYTES),
      }),
    )
    const to = folder === undefined ? dirname(path) : resolve(context.io.folder, folder)
    await writeNew(join(to, 'genesis.bin'), made.genesis)
    await writeNew(join(to, 'kinds.bin'), made.kinds)
    const created = join(to, 'created.yaml')
    await writeNew(created, stringify({ ...place, genesis: 'genesis.bin', kinds: 'kinds.bin' }))
    context.print({ ...place, mint: made.mint, file: created }, [
      `network  ${made.network}`,
      `mint     ${made.mint}`,
      `files    ${to}: created.yaml, genesis.bin, kinds.bin`,
      'Verifiers stake with `verifier stake --network created.yaml`; when they have, run `network start`.',
    ])
  },
})

const begin: Verb = defineVerb({
  words: 'start',
  about: 'begin epoch 0, with the verifiers that have staked',
  options: [NETWORK_OPTION, { flags: '--key <file>', about: "the founder's key" }],
  examples: ['piecework network start --network created.yaml --key founder.json'],
  input: z.object({ network: optionalText, key: text }),
  async run(context, { network, key }) {
    const place = await placeOf(context, network)
    const authority = await signerOf(context, key)
    const signature = await withChain(context, place, (chain) =>
      land(chain, { instructions: [start(chain.at, authority.address)], payer: authority }),
    )
    context.print({ network: place.network, signature }, [`${place.name} has begun: epoch 0 runs.`])
  },
})

const invite: Verb = defineVerb({
  words: 'invite',
  about: 'print the one line by which others find the network',
  options: [
    NETWORK_OPTION,
    {
      flags: '--bootstrap <address>',
      about: 'where a verifier or hub can be dialled; again for more',
      many: true,
    },
  ],
  examples: [
    'piecework network invite --network created.yaml --bootstrap /ip4/203.0.113.7/tcp/4001/p2p/12D3...',
  ],
  input: z.object({ network: optionalText, bootstrap: list }),
  async run(context, { network, bootstrap }) {
    const place = await placeOf(context, network)
    const line = writeInvite({ ...place, bootstrap: [...place.bootstrap, ...bootstrap] })
    context.print({ invite: line }, [line])
  },
})

const show: Verb = defineVerb({
  words: 'show',
  about: 'how a network stands: its epochs, its money, and who holds how much of the stake',
  options: [NETWORK_OPTION],
  examples: ['piecework network show --network pw1...'],
  input: z.object({ network: optionalText }),
  async run(context, { network }) {
    const place = await placeOf(context, network)
    await withChain(context, place, async (chain) => {
      const state = await stateOf(chain)
      const decimals = await decimalsOf(chain, state.network.mint)
      context.print(shownOf(place.network, state, decimals), linesOf(place.name, state, decimals))
    })
  },
})

function shownOf(address: string, { network, roster, epochs }: NetworkState, decimals: number): object {
  return {
    network: parseAddress(address) satisfies Address,
    mint: network.mint,
    decimals,
    started: network.started,
    lastFinal: network.lastFinal,
    totals: network.totals,
    epochs: begun(network, epochs).map(({ number, state, startsAt }) => ({ number, state, startsAt })),
    verifiers: entriesOf(roster).map(({ id, voteKey, stake, fromEpoch }) => ({
      id,
      voteKey,
      stake,
      fromEpoch,
    })),
    minStake: network.params.minStake,
  }
}

/** Two epochs before the first only gave it a seed: nobody worked in them. */
function begun({ started }: NetworkState['network'], epochs: NetworkState['epochs']): NetworkState['epochs'] {
  return started ? epochs.filter(({ number }) => number >= 0) : []
}

const PERCENT = 100

function linesOf(name: string, { network, roster, epochs }: NetworkState, decimals: number): string[] {
  const entries = entriesOf(roster)
  const total = entries.reduce((sum, { stake }) => sum + stake, 0n)
  const { length } = paramsOf(network, Math.max(0, network.lastFinal))
  const money = (units: bigint): string => tokensOf(units, decimals)
  const { deposited, charged, paid, claimed, refunded } = network.totals
  return [
    `${name}: ${network.started ? `final up to epoch ${network.lastFinal}` : 'not started'}, epochs of ${length} slots`,
    `deposited ${money(deposited)}, charged ${money(charged)}, paid ${money(paid)}, claimed ${money(claimed)}, refunded ${money(refunded)}`,
    ...begun(network, epochs).map((one) => `epoch ${one.number}: ${one.state}`),
    ...entries.map(({ id, voteKey, stake }) => {
      const share = total === 0n ? 0 : Number((stake * BigInt(PERCENT)) / total)
      return `verifier ${id}  ${voteKey}  ${money(stake)} staked (${share} %)`
    }),
  ]
}

export const network: Noun = {
  noun: 'network',
  about: 'found a network, invite to it, look at it',
  verbs: [init, create, fund, begin, invite, show],
}
