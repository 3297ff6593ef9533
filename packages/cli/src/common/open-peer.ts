// A peer for one command: it only dials out, under a key that nobody will see again.
import { bytesOf, parseAddress } from '@piecework/chain'
import { type Network, protocols } from '@piecework/network'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { type Place, presetOf } from './place.ts'

const SECRET_BYTES = 32
/** All that are named can be there by then; those who are not are away. */
const ALL_MS = 3_000
/** For a first one, over a bad line. */
const FIRST_MS = 20_000

export async function openPeer({ io }: Context, place: Place): Promise<Network> {
  const { network: address, bootstrap } = place
  if (bootstrap.length === 0) {
    throw new CliError(
      'usage',
      'This invite names no verifier to dial: ask for one that does (network invite --bootstrap).',
    )
  }
  const { libp2pNetwork } = await import('@piecework/network/libp2p')
  const network = libp2pNetwork(
    {
      networkId: bytesOf(parseAddress(address)),
      secret: io.randomBytes(SECRET_BYTES),
      role: 'home',
      listen: [],
      bootstrap,
      // All that the invite names, and somebody who carries claims.
      hubs: bootstrap.length,
      wants: [protocols.relay.name],
      preset: presetOf(place),
    },
    { time: io.rpc.time, random: io.rpc.random },
  )
  await network.start()
  try {
    await connected(network, bootstrap.length, io.rpc.time)
    return network
  } catch (error) {
    await network.stop()
    throw error
  }
}

type Time = Context['io']['rpc']['time']

/** All of them, or those who are there in time; at least one. */
async function connected(network: Network, wanted: number, time: Time): Promise<void> {
  const changed = new AbortController()
  const unsubscribe = network.onPeer(() => {
    if (network.peers().length >= wanted) changed.abort()
  })
  try {
    await time.wait(ALL_MS, changed.signal)
    if (network.peers().length > 0) return
    const first = new AbortController()
    const end = network.onPeer(() => first.abort())
    await time.wait(FIRST_MS, first.signal)
    end()
  } finally {
    unsubscribe()
  }
  if (network.peers().length > 0) return
  throw new CliError(
    'unreachable',
    'Nobody that the invite names can be dialled: check this line, or ask for a newer invite.',
  )
}
