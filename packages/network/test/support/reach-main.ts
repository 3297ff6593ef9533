// One hub of a public network, in a network namespace of its own: says where others can dial it, each time that changes.
import { libp2pNetwork } from '../../src/libp2p.ts'
import { NETWORK_ID, portsOf, secretOf } from './peers.ts'

export interface ReachOrder {
  readonly number: number
  readonly bootstrap: readonly string[]
}

/** Told after every change of what others can dial, and of who is known. */
export interface ReachSaid {
  readonly addresses: readonly string[]
  /** Whether it calls itself a hub. */
  readonly isReached: boolean
}

async function start({ number, bootstrap }: ReachOrder): Promise<void> {
  let isReached = false
  const network = libp2pNetwork(
    {
      networkId: NETWORK_ID,
      secret: secretOf(number),
      role: 'hub',
      listen: ['/ip4/0.0.0.0/tcp/4001'],
      bootstrap,
      preset: 'public',
    },
    {
      ...portsOf(number),
      count: (name, { others }) => {
        if (name === 'network_reach_total') isReached = others === 'dial it'
        say()
      },
    },
  )
  const say = (): void => {
    process.send?.({ addresses: network.addresses(), isReached } satisfies ReachSaid)
  }
  network.onPeer(say)
  await network.start()
  say()
}

process.once('disconnect', () => process.exit())
process.once('message', (order: ReachOrder) => {
  void start(order)
})
