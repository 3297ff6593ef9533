// One peer as a process of its own: told what to do, and telling what it hears, over the channel to its parent.
import { DataAnswers, protocols } from '@piecework/network'
import { fromHex, toHex } from '@piecework/protocol'
import { libp2pNetwork } from '../../src/libp2p.ts'
import { KILLED, LONG } from './long.ts'
import { NETWORK_ID, portsOf, secretOf } from './peers.ts'

/** Pieces that the hub which is to be killed gives. */
const GIVEN = 3

export interface Order {
  readonly number: number
  readonly role: 'home' | 'hub'
  readonly listen: readonly string[]
  readonly bootstrap: readonly string[]
}

export type Said =
  | { readonly said: 'started'; readonly key: string; readonly addresses: readonly string[] }
  | { readonly said: 'connected'; readonly key: string }
  | { readonly said: 'heard'; readonly text: string }
  | { readonly said: 'published' }
  | { readonly said: 'holding' }

const say = (what: Said): void => {
  process.send?.(what)
}

async function start({ number, role, listen, bootstrap }: Order): Promise<void> {
  const network = libp2pNetwork(
    { networkId: NETWORK_ID, secret: secretOf(number), role, listen, bootstrap, preset: 'local' },
    portsOf(number),
  )
  network.onPeer(({ key }) => say({ said: 'connected', key: toHex(key) }))
  if (role === 'hub') {
    network.answer(protocols.work, ({ epoch }) => Promise.resolve({ node: epoch, tasks: [] }))
    const answers = new DataAnswers(async () => LONG)
    let given = 0
    network.answer(protocols.data, (question) => answers.data(question))
    network.answer(protocols.piece, (question) => {
      if (number !== KILLED || ++given <= GIVEN) return answers.piece(question)
      say({ said: 'holding' })
      return new Promise(() => undefined)
    })
    network.subscribe('batches', async ({ bytes }) => {
      say({ said: 'heard', text: toHex(bytes) })
      return 'sound'
    })
  }
  process.on('message', (batches: readonly string[]) => {
    Promise.all(batches.map((batch) => network.publish('batches', fromHex(batch)))).then(
      () => say({ said: 'published' }),
      (error) => {
        throw error
      },
    )
  })
  await network.start()
  say({ said: 'started', key: toHex(network.self), addresses: network.addresses() })
}

process.once('disconnect', () => process.exit())
process.once('message', (order: Order) => {
  void start(order)
})
