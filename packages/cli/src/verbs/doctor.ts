// doctor: what is wrong with this machine and its way to a network, each with the cure.
import { statfs } from 'node:fs/promises'
import { findPrefix, protectionsOf } from '@piecework/work'
import { z } from 'zod'
import { openChain, stateOf } from '../common/chain.ts'
import { optionalText } from '../common/input.ts'
import { openPeer } from '../common/open-peer.ts'
import { NETWORK_OPTION, type Place, placeOf } from '../common/place.ts'
import type { Context } from '../context.ts'
import { CliError, sentenceOf } from '../errors.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'

export interface Finding {
  readonly what: string
  /** warn: it works, but worse. */
  readonly state: 'good' | 'warn' | 'bad'
  readonly said: string
}

const OLDEST_NODE = [22, 13] as const
const FREE_BYTES = 1_000_000_000
const PROBE_MS = 20_000
/** Slots are 400 ms: a verifier that answers later than that misses them. */
const SLOW_RPC_MS = 400

const check: Verb = defineVerb({
  words: '.',
  about:
    'look at Node, disk, sandbox and, with --network, the chain and the peers; each trouble with its cure',
  options: [NETWORK_OPTION],
  examples: ['piecework doctor --network pw1...'],
  input: z.object({ network: optionalText }),
  async run(context, { network }) {
    const findings = [
      nodeVersion(context.io.nodeVersion),
      await disk(context.io.folder),
      ...(await sandbox(context)),
    ]
    if (network !== undefined || context.io.env['PIECEWORK_INVITE'] !== undefined) {
      const place = await placeOf(context, network)
      findings.push(...(await chainFindings(context, place)), await peers(context, place))
    }
    const marks = { good: 'ok  ', warn: 'warn', bad: 'BAD ' } as const
    context.print(
      findings,
      findings.map(({ what, state, said }) => `${marks[state]}  ${what.padEnd(9)}  ${said}`),
    )
    const bad = findings.filter(({ state }) => state === 'bad')
    if (bad.length > 0)
      throw new CliError('failed', `${bad.length} things have to be put right: see above.`, {
        isPrinted: true,
      })
  },
})

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
  const said = isOld
    ? `Node ${version} is too old: install ${OLDEST_NODE.join('.')} or newer`
    : `Node ${version}`
  return { what: 'node', state: isOld ? 'bad' : 'good', said }
}

async function disk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const gigabytes = (free / 1e9).toFixed(1)
  const said =
    free < FREE_BYTES ? `only ${gigabytes} GB are free: a daemon needs 1 GB` : `${gigabytes} GB are free`
  return { what: 'disk', state: free < FREE_BYTES ? 'bad' : 'good', said }
}

async function sandbox({ io }: Context): Promise<Finding[]> {
  const options = { node: io.node, wallMs: PROBE_MS }
  try {
    const protections = await protectionsOf({ ...options, prefix: await findPrefix(options) })
    return protections.map(({ name, inForce, why }) => ({
      what: 'sandbox',
      state: inForce ? 'good' : 'warn',
      said: inForce ? name : `not in force: ${name} (${why})`,
    }))
  } catch (error) {
    return [{ what: 'sandbox', state: 'bad', said: sentenceOf(error) }]
  }
}

async function chainFindings(context: Context, place: Place): Promise<Finding[]> {
  const { time } = context.io.rpc
  try {
    const chain = await openChain(context, place)
    try {
      const began = time.now()
      const { network } = await stateOf(chain)
      const took = Math.round(time.now() - began)
      const isSlow = took > SLOW_RPC_MS
      return [
        {
          what: 'chain',
          state: isSlow ? 'warn' : 'good',
          said: `answers in ${took} ms${isSlow ? ': a nearer endpoint would be better' : ''}, slot ${chain.clock.slot()}`,
        },
        {
          what: 'network',
          state: network.started ? 'good' : 'warn',
          said: network.started ? `final up to epoch ${network.lastFinal}` : 'it has not started yet',
        },
      ]
    } finally {
      await chain.stop()
    }
  } catch (error) {
    return [{ what: 'chain', state: 'bad', said: sentenceOf(error) }]
  }
}

async function peers(context: Context, place: Place): Promise<Finding> {
  try {
    const network = await openPeer(context, place)
    const count = network.peers().length
    await network.stop()
    const isWhole = count >= place.bootstrap.length
    const said = `${count} of the ${place.bootstrap.length} that the invite names can be dialled`
    return { what: 'peers', state: isWhole ? 'good' : 'warn', said }
  } catch (error) {
    return { what: 'peers', state: 'bad', said: sentenceOf(error) }
  }
}

export const doctor: Noun = { noun: 'doctor', about: 'what is wrong here, and its cure', verbs: [check] }
