// Who lives where in a lab, and the commands that lay its cables.
//
//   driver, chain ---- hubs0 (bridge) ---- hub, hub, hub
//        |
//      wire0 ~~~~~ wire.ts ~~~~~ wire0
//                                  |
//                   street: street0 (bridge) ---- home, home (closed), nat: lan0 (bridge) ---- home, home
//
// A closed home drops what it did not ask for. Those behind `nat` share its address, and nobody has a way to them.

export interface Plan {
  /** Their names are the names of their networks: up to twelve characters, as Linux allows its devices fifteen. */
  readonly hubs: readonly string[]
  /** Homes that could be dialled. */
  readonly open: readonly string[]
  readonly closed: readonly string[]
  readonly behindOne: readonly string[]
}

/** An end of the wire: the host and port that its packets go to, and the port that they come from. */
export interface WireEnd {
  readonly host: string
  readonly port: number
  readonly peer: { readonly host: string; readonly port: number }
}

/** Of the driver: the chain listens here. */
export const DRIVER_HOST = '10.77.0.1'
const CABLE_HOST = '10.71.0.1'
const STREET_HOST = '10.71.0.2'
export const HUB_END: WireEnd = { host: '127.0.0.1', port: 9_001, peer: { host: '127.0.0.1', port: 9_101 } }
export const STREET_END: WireEnd = { host: CABLE_HOST, port: 9_002, peer: { host: STREET_HOST, port: 9_102 } }
export const WIRE = 'wire0'
/** Of the cable below the wire: a packet of 1,500 bytes and what carries it. */
const CABLE_MTU = 2_000
/** The first host of each row of houses. */
const FIRST = 10

/** Each in a /24 of its own. Homes of a lab would dial all of them in any case: they keep more than there are. */
export function hostOfHub({ hubs }: Plan, name: string): string | undefined {
  const at = hubs.indexOf(name)
  return at < 0 ? undefined : `10.77.${at + 1}.${FIRST}`
}

/** What runs the words after it in the network of that name. */
export function inNetwork(name: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${name}`]
}

const SHUT =
  'table ip shut { chain in { type filter hook input priority 0; policy drop; iif lo accept; ct state established,related accept; }; }'
const MASQUERADE =
  'table ip nat { chain out { type nat hook postrouting priority 100; oifname eth0 masquerade; }; }'

/** For `sh -e`, in a lab that has no cables yet. */
export function cablesOf(plan: Plan): string {
  const { hubs, open, closed, behindOne } = plan
  return [
    'ip link set lo up',
    'sysctl -qw net.ipv4.ip_forward=1',
    ...bridge('', 'hubs0', `${DRIVER_HOST}/16`),
    ...hubs.flatMap((name) =>
      house(name, { at: '', bridge: 'hubs0', host: `${hostOfHub(plan, name)}/16`, via: DRIVER_HOST }),
    ),
    ...street(),
    ...[...open, ...closed].flatMap((name, at) => onStreet(name, `10.78.1.${FIRST + at}`)),
    ...closed.map((name) => nft(name, SHUT)),
    ...onStreet('nat', '10.78.0.2'),
    ...routes('nat'),
    ...bridge('nat', 'lan0', '10.79.0.1/24'),
    nft('nat', MASQUERADE),
    ...behindOne.flatMap((name, at) =>
      house(name, { at: 'nat', bridge: 'lan0', host: `10.79.0.${FIRST + at}/24`, via: '10.79.0.1' }),
    ),
  ].join('\n')
}

/** `ip` in the network of that name; '' is the lab's first. */
const ip = (network: string, command: string): string =>
  network === '' ? `ip ${command}` : `ip -n ${network} ${command}`

const inside = (network: string, command: string): string => `${inNetwork(network).join(' ')} ${command}`

const nft = (network: string, table: string): string => inside(network, `nft '${table}'`)

const routes = (network: string): string[] => [inside(network, 'sysctl -qw net.ipv4.ip_forward=1')]

function bridge(network: string, name: string, address: string): string[] {
  return [
    ip(network, `link add ${name} type bridge`),
    ip(network, `addr add ${address} dev ${name}`),
    ip(network, `link set ${name} up`),
  ]
}

interface Place {
  /** The network that its cable leads to, and the bridge there. */
  readonly at: string
  readonly bridge: string
  readonly host: string
  readonly via: string
}

function house(name: string, { at, bridge, host, via }: Place): string[] {
  const [far, network] = [`to-${name}`, at === '' ? '' : `netns ${at}`]
  return [
    `ip netns add ${name}`,
    `ip link add eth0 netns ${name} type veth peer name ${far} ${network}`,
    ip(at, `link set ${far} master ${bridge} up`),
    ip(name, 'link set lo up'),
    ip(name, `addr add ${host} dev eth0`),
    ip(name, 'link set eth0 up'),
    ip(name, `route add default via ${via}`),
  ]
}

function onStreet(name: string, host: string): string[] {
  return house(name, { at: 'street', bridge: 'street0', host: `${host}/16`, via: '10.78.0.1' })
}

/** Packets between the two sides go into the wire; the wire's own packets go through a cable of their own. */
function street(): string[] {
  return [
    'ip netns add street',
    ...routes('street'),
    ip('street', 'link set lo up'),
    ...bridge('street', 'street0', '10.78.0.1/16'),
    `ip link add cable0 mtu ${CABLE_MTU} type veth peer name cable0 mtu ${CABLE_MTU} netns street`,
    ...cabled('', CABLE_HOST),
    ...cabled('street', STREET_HOST),
    ...wired('', '10.72.0.1', '10.78.0.0/16'),
    ...wired('street', '10.72.0.2', 'default'),
  ]
}

function cabled(network: string, host: string): string[] {
  return [ip(network, `addr add ${host}/24 dev cable0`), ip(network, 'link set cable0 up')]
}

function wired(network: string, host: string, to: string): string[] {
  return [
    ip(network, `tuntap add dev ${WIRE} mode tun`),
    ip(network, `addr add ${host}/24 dev ${WIRE}`),
    ip(network, `link set ${WIRE} up`),
    ip(network, `route add ${to} dev ${WIRE}`),
  ]
}
