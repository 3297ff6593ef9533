// What kind of network it is, and the limits that belong to its preset.
import { multiaddr } from '@multiformats/multiaddr'
import { KEY_BYTES } from '@piecework/protocol'
import { NetworkError } from '../errors.ts'
import { NamedSubnets } from './subnets.ts'

export interface NetworkOptions {
  /** Address of the Network account: peers of another one share no topic with this one, and no question. */
  readonly networkId: Uint8Array
  /** 32 bytes of an ed25519 secret: the peer's key is its public key. */
  readonly secret: Uint8Array
  /** A hub can be dialled, relays, and keeps the DHT. A home only dials out. */
  readonly role: 'home' | 'hub'
  /** Multiaddrs, of a hub: /ip4/0.0.0.0/tcp/4001, /ip4/0.0.0.0/tcp/4002/ws. */
  readonly listen: readonly string[]
  /** Multiaddrs by which others reach a hub that stands behind something; none: those that it listens on. */
  readonly announce?: readonly string[]
  /** Multiaddrs with /p2p/ and the key of the peer. A hub keeps them all, a home at least one of them. */
  readonly bootstrap: readonly string[]
  /** How many hubs a home keeps. None: as the preset says. */
  readonly hubs?: number
  /** Questions of which each is to be answered by one of the hubs that a home keeps: their names. */
  readonly wants?: readonly string[]
  /** Whether it asks the local network for hubs, and as a hub answers there: no unless it says so. */
  readonly mdns?: boolean
  /** `local`: many peers at one address are friends. */
  readonly preset: 'local' | 'public'
  /**
   * Subnets, as /ip4/192.0.2.0/ipcidr/24: let in however many there are. Peers, as /p2p/KEY: never banned, answered
   * more often, and told of all messages if both name each other. Who a peer is shows only once it is in.
   */
  readonly allow?: readonly string[]
  /** Neither let in nor dialled, in the same form. */
  readonly deny?: readonly string[]
  /** Shards of the topic of batches: a power of two, and the same in the whole network. */
  readonly shards?: number
}

/**
 * A home publishes to one of eight. They share no work out: who listens takes them all, and passes on over one topic of
 * bundles what came by any of them.
 */
export const SHARDS = 8
/** One for each first byte of a hash. */
export const MOST_SHARDS = 256

/** That a home may be told to keep: all that an invite names. */
const MOST_HUBS = 256

export interface PresetLimits {
  readonly connections: number
  /** That have not said who they are. */
  readonly pendingConnections: number
  /** A second, from one address. */
  readonly connectionsPerAddress: number
  /** Whether the connections of a hub, and its places as a relay, are shared between subnets. */
  readonly subnetsShare: boolean
  /** How long a message waits for somebody who takes it. */
  readonly publishMs: number
  readonly firstBackoffMs: number
  readonly longestBackoffMs: number
  /** Between looks into the DHT for hubs. */
  readonly discoveryMs: number
  /** Between what a hub says of itself. */
  readonly newsMs: number
  /** How many a home keeps. */
  readonly hubs: number
}

export const PRESETS: Readonly<Record<NetworkOptions['preset'], PresetLimits>> = {
  local: {
    connections: 5000,
    pendingConnections: 1000,
    connectionsPerAddress: 1000,
    subnetsShare: false,
    publishMs: 15_000,
    firstBackoffMs: 100,
    longestBackoffMs: 2000,
    discoveryMs: 10_000,
    newsMs: 120_000,
    // There are few, and all of one network.
    hubs: 8,
  },
  public: {
    // A hub with 1,000 connections holds about 600 MB.
    connections: 1000,
    pendingConnections: 100,
    // A school behind one address may start at once; somebody with a botnet has more than one.
    connectionsPerAddress: 20,
    subnetsShare: true,
    publishMs: 60_000,
    firstBackoffMs: 1000,
    longestBackoffMs: 60_000,
    discoveryMs: 120_000,
    newsMs: 600_000,
    // One may be gone, and another deaf: with the third what a home says still goes out. Each more costs all hubs
    // together as many connections as there are homes, of 1,000 that each has.
    hubs: 3,
  },
}

/** Of a list of addresses: the peers that they name. */
export function peersIn(addresses: readonly string[]): ReadonlySet<string> {
  return new Set(addresses.flatMap((address) => /\/p2p\/([^/]+)$/.exec(address)?.[1] ?? []))
}

/** Of a list to allow or deny: the addresses and subnets. */
export function subnetsIn(entries: readonly string[]): string[] {
  return entries.filter((entry) => !entry.startsWith('/p2p/'))
}

export function checkOptions(options: NetworkOptions): void {
  const { networkId, secret, role, listen, bootstrap, hubs, shards = SHARDS } = options
  if (networkId.length !== KEY_BYTES) throw invalid('networkId', `has ${KEY_BYTES} bytes`)
  if (secret.length !== KEY_BYTES) throw invalid('secret', `has ${KEY_BYTES} bytes`)
  if (role === 'home' && listen.length > 0) throw invalid('listen', 'is empty for a home: it only dials out')
  if (role === 'hub' && listen.length === 0) throw invalid('listen', 'names an address for a hub')
  if (!Number.isInteger(Math.log2(shards)) || shards > MOST_SHARDS)
    throw invalid('shards', `is a power of two up to ${MOST_SHARDS}`)
  if (hubs !== undefined && (!Number.isInteger(hubs) || hubs < 1 || hubs > MOST_HUBS))
    throw invalid('hubs', `is a whole number from 1 to ${MOST_HUBS}`)
  for (const address of [...listen, ...(options.announce ?? [])]) parsed(address)
  for (const entry of [...(options.allow ?? []), ...(options.deny ?? [])]) {
    if (!/^\/p2p\/[^/]+$|^\/ip[46]\/[^/]+(\/ipcidr\/\d+)?$/.test(parsed(entry)))
      throw invalid(
        'allow and deny',
        `name peers (/p2p/KEY) and subnets (/ip4/192.0.2.0/ipcidr/24), and not ${entry}`,
      )
    try {
      new NamedSubnets(subnetsIn([entry]))
    } catch {
      throw invalid('allow and deny', `name subnets of a size that there is, which ${entry} has not`)
    }
  }
  for (const address of bootstrap) {
    if (!/\/p2p\/[^/]+$/.test(parsed(address)))
      throw invalid('bootstrap', `ends in /p2p/ and a peer's key, which ${address} does not`)
    // A hub that only a relay reaches is none.
    if (address.includes('/p2p-circuit'))
      throw invalid('bootstrap', `names where hubs are dialled, and no relay to them, as ${address} does`)
  }
}

function parsed(address: string): string {
  try {
    return multiaddr(address).toString()
  } catch {
    throw invalid('an address', `is a multiaddr such as /ip4/192.0.2.1/tcp/4001, which ${address} is not`)
  }
}

function invalid(option: string, rule: string): NetworkError {
  return new NetworkError('option/invalid', `This can't be a network: ${option} ${rule}.`, { option })
}
