// The chain of a daemon: over Node's own transport, each call counted.
import { parseAddress } from '../address.ts'
import type { Random, Time } from '../ports.ts'
import { type RpcChain, rpcChain } from '../rpc/rpc-chain.ts'
import { nodeTransport } from './transport.ts'

/** As a daemon's config says it. */
export interface ChainPlace {
  readonly program: string
  readonly network: string
  readonly rpc: readonly string[]
}

export type MakeCounter = (
  name: string,
  help: string,
  labels: readonly string[],
) => (labels: Readonly<Record<string, string>>) => void

export interface NodeChainPorts {
  readonly time: Time
  readonly random: Random
  readonly counter: MakeCounter
}

export function nodeChain({ program, network, rpc }: ChainPlace, ports: NodeChainPorts): RpcChain {
  const { time, random, counter } = ports
  const called = counter('rpc_calls_total', 'Calls to RPC endpoints, by what came of them.', [
    'method',
    'outcome',
  ])
  return rpcChain(
    { programId: parseAddress(program), network: parseAddress(network), endpoints: rpc },
    { ...nodeTransport(), time, random, onCall: ({ method, outcome }) => called({ method, outcome }) },
  )
}
