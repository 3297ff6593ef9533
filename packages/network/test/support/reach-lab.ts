// The first process of a small lab: three hubs at public addresses of different providers, each in a network namespace of
// its own; the third is behind a wall that lets nobody in. Its last line says what the third became, and the others.
import { execFileSync, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { keyFromSecret } from '@piecework/protocol'
import { peerIdOf } from '../../src/libp2p/keys.ts'
import { secretOf } from './peers.ts'
import type { ReachOrder, ReachSaid } from './reach-main.ts'

const MAIN = fileURLToPath(new URL('./reach-main.ts', import.meta.url))
/** First part of the address of each; AutoNAT asks those of other networks of that size. */
const NETS: readonly number[] = [21, 22, 23]
const WALLED = 2

const enter = (net: number): readonly string[] => ['nsenter', `--net=/run/netns/h${net}`]

const CABLES = [
  'mount -t tmpfs none /run && mkdir /run/netns',
  'ip link add b0 type bridge && ip link set b0 up',
  ...NETS.flatMap((net) => [
    `ip netns add h${net}`,
    `ip link add v${net} type veth peer name e0 netns h${net}`,
    `ip link set v${net} master b0 && ip link set v${net} up`,
    `${enter(net).join(' ')} sh -e -c 'ip link set lo up; ip link set e0 up; ip addr add ${net}.0.0.1/32 dev e0; ip route add default dev e0'`,
  ]),
  `${enter(NETS[WALLED] ?? 0).join(' ')} nft -f - <<END
table ip wall { chain in { type filter hook input priority 0; tcp flags & (syn | ack) == syn drop; }; }
END`,
]

interface Hub {
  readonly said: ReachSaid
}

/** Resolves when it says what is awaited of it. */
function hub(
  number: number,
  bootstrap: readonly string[],
  until: (said: ReachSaid) => boolean,
): Promise<Hub> {
  const [execPath = '', ...execArgv] = [...enter(NETS[number] ?? 0), process.execPath]
  const child = fork(MAIN, { execPath, execArgv })
  const { promise, resolve, reject } = Promise.withResolvers<Hub>()
  child.on('message', (said: ReachSaid) => {
    if (until(said)) resolve({ said })
  })
  child.on('exit', (code) => reject(new Error(`hub ${number} ended with ${code}`)))
  child.send({ number, bootstrap } satisfies ReachOrder)
  return promise
}

const named = (number: number): string =>
  `/ip4/${NETS[number]}.0.0.1/tcp/4001/p2p/${peerIdOf(keyFromSecret(secretOf(number)).publicKey)}`
const isRelayed = (said: ReachSaid): boolean => said.addresses.some((one) => one.includes('/p2p-circuit'))

execFileSync('sh', ['-e'], { input: CABLES.join('\n') })
const open = [0, 1].map((number) => hub(number, number === 0 ? [] : [named(0)], ({ isReached }) => isReached))
const walled = hub(WALLED, [named(0), named(1)], isRelayed)
const said = (await Promise.all([...open, walled])).map((one) => one.said)
process.stdout.write(`${JSON.stringify(said)}\n`)
process.exit(0)
