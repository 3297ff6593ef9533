// How kinds measure over the network. What is the node's fault is a broken link; what is this machine's stays what it is,
// and counts as no measurement.
import { type Link, type Network, NetworkError, type NetworkErrorCode } from '@piecework/network'
import { type Link as MeasuredLink, type Measuring, WorkError } from '@piecework/work'

const FAULTS_OF_NODES: readonly NetworkErrorCode[] = [
  'network/unreachable',
  'network/unsupported',
  'network/timeout',
]

export interface MeasuringPorts {
  readonly network: Network
  /** Milliseconds that only grow. */
  readonly stopwatch: () => number
  readonly randomBytes: (length: number) => Uint8Array
  /** No link is open for longer. */
  readonly mostMs: number
  readonly opened: (link: Link) => void
}

export function measuringOver(ports: MeasuringPorts): Measuring {
  const { network, stopwatch: now, randomBytes: random, mostMs, opened } = ports
  return {
    now,
    random,
    async open(nodeKey, wallMs) {
      // Who reaches nobody can't say that the others are away.
      if (network.peers().length === 0)
        throw new NetworkError('network/stopped', 'Nobody is connected: nothing is measured.')
      const link = await blamed(network.openLink(nodeKey, Math.min(wallMs, mostMs)))
      opened(link)
      return blamedLink(link)
    },
  }
}

function blamedLink({ send, received, close }: Link): MeasuredLink {
  return { send: (bytes) => blamed(send(bytes)), received: blamedChunks(received), close }
}

async function blamed<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing
  } catch (error) {
    throw blame(error)
  }
}

async function* blamedChunks(received: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* received
  } catch (error) {
    throw blame(error)
  }
}

function blame(error: unknown): unknown {
  if (!(error instanceof NetworkError) || !FAULTS_OF_NODES.includes(error.code)) return error
  return new WorkError('link/broken', error.message)
}
