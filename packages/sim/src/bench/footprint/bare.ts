// What a contributor's node is compared with: libp2p with the same transports and services, connected to the same hub,
// and nothing else. Its arguments are the hub's address and the network's, in whose name both identify themselves; it says
// when it is connected.
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import { kadDHT } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const [, , hub = '', network = ''] = process.argv
const protocolPrefix = `piecework/${network}`

process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))

const node = await createLibp2p({
  addresses: { listen: ['/p2p-circuit'] },
  transports: [tcp(), webSockets(), circuitRelayTransport()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: {
    identify: identify({ protocolPrefix }),
    identifyPush: identifyPush({ protocolPrefix }),
    ping: ping({ protocolPrefix }),
    pubsub: gossipsub({ globalSignaturePolicy: StrictNoSign }),
    dht: kadDHT({ clientMode: true }),
  },
})
await node.dial(multiaddr(hub))
process.stdout.write('{"connected":true}\n')
