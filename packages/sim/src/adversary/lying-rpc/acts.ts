// What a daemon does with what it is told, and whether it did so on a lie.
import {
  type Address,
  addressOf,
  associatedTokens,
  type Chain,
  ChainError,
  createAssociatedTokens,
  finalRoot,
  type RpcChain,
  read,
  readJobs,
  readNetwork,
  wantNetwork,
} from '@piecework/chain'
import { creator, hashOf, hasty, mint, type World } from './worlds.ts'

export type Verdict = 'right' | 'not done' | 'acted on a lie'

export interface Act {
  readonly name: string
  readonly play: (chain: RpcChain, truth: World, name: string) => Promise<Verdict>
}

/** The clock and the chain are never read in the same instant. */
const SLOTS_APART = 4
/** How long a listener waits to hear anything, in a client's milliseconds, */
const HEARING_MS = 40_000
/** and how long it goes on listening then. */
const LISTENING_MS = 3_000

export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one))
}

/** What a client reads is what the truth would have given it, or it reads nothing. */
function reading(look: (chain: Chain) => Promise<unknown>): Act['play'] {
  return async (chain, truth) => {
    const [found, right] = [await look(chain), await look(truth.chain)]
    return textOf(found) === textOf(right) ? 'right' : 'acted on a lie'
  }
}

const clock: Act['play'] = async (chain, truth) => {
  await chain.start()
  const off = Math.abs(chain.clock.slot() - truth.slot())
  return off <= chain.clock.uncertainty() + SLOTS_APART ? 'right' : 'acted on a lie'
}

const watching: Act['play'] = async (chain, truth) => {
  const [right] = (await truth.chain.accounts([chain.at.network])).value
  const heard: string[] = []
  const first = new AbortController()
  const unsubscribe = chain.onAccount(chain.at.network, ({ value }) => {
    heard.push(textOf(value))
    first.abort()
  })
  await hasty.wait(HEARING_MS, first.signal)
  await hasty.wait(LISTENING_MS)
  unsubscribe()
  if (heard.some((one) => one !== textOf(right))) return 'acted on a lie'
  return heard.length > 0 ? 'right' : 'not done'
}

/** Each sends to a wallet of its own, so that what landed is to be seen. */
const sending: Act['play'] = async (chain, truth, name) => {
  const wallet = addressOf(hashOf(name))
  const instructions = [createAssociatedTokens({ payer: creator.address, wallet, mint })]
  const outcome = await chain.send({ instructions, payer: creator, commitment: 'finalized' })
  const there = await isThere(truth, associatedTokens(wallet, mint).address)
  if (outcome.kind === 'unknown') return 'not done'
  return there === (outcome.kind === 'landed') ? 'right' : 'acted on a lie'
}

async function isThere(truth: World, address: Address): Promise<boolean> {
  const { value } = await truth.chain.accounts([address], 'finalized')
  return value[0] !== undefined
}

export const ACTS: readonly Act[] = [
  { name: 'read the network', play: reading(async (chain) => (await readNetwork(chain)).value) },
  {
    name: 'read what is final',
    play: reading(async (chain) => [
      (await read(chain, { network: wantNetwork(chain.at) }, 'finalized')).value,
      (await finalRoot(chain)) ?? 'none',
    ]),
  },
  { name: 'read the jobs', play: reading(async (chain) => (await readJobs(chain)).value) },
  { name: 'tell the slot', play: clock },
  { name: 'watch the network', play: watching },
  { name: 'send', play: sending },
]

/** An error that says what is wrong is never a lie that was acted on; any other is a defect. */
export async function played(
  act: Act,
  chain: RpcChain,
  { truth, name }: { truth: World; name: string },
): Promise<Verdict> {
  try {
    return await act.play(chain, truth, name)
  } catch (error) {
    if (error instanceof ChainError) return 'not done'
    throw error
  } finally {
    await chain.stop()
  }
}
