// What hubs say of themselves, true and not: said to a hub over real connections, which judges it itself.
import { Names, SHARDS } from '@piecework/network/libp2p'
import { hubNewsOf } from '@piecework/testkit/raw-peer'
import { NAMES, secretOf } from '../raw/hub.ts'
import type { Judged } from './play.ts'
import { type Sent, saidToHub } from './said-to-hub.ts'

const [WIRE = ''] = NAMES.topics('hubs')
const [OTHERS_WIRE = ''] = new Names(new Uint8Array(32).fill(8), SHARDS).topics('hubs')
const SOMEWHERE = '/ip4/127.0.0.1/tcp/4001'
const RELAYED = `${SOMEWHERE}/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5/p2p-circuit`
/** That one hub may say at once; the first is said below. */
const AT_ONCE = 8
const MOST_ADDRESSES = 8
const MOST_BYTES = 1024

const [first, other] = [secretOf('a hub that speaks'), secretOf('another hub')]
const common = { addresses: [SOMEWHERE], seq: 10n, domain: WIRE }

async function sentOf(): Promise<readonly Sent[]> {
  const news = await hubNewsOf({ ...common, secret: first })
  const of = (what: Partial<Parameters<typeof hubNewsOf>[0]>): Promise<Uint8Array> =>
    hubNewsOf({ ...common, secret: other, ...what })
  const many = Array.from({ length: MOST_ADDRESSES + 1 }, (_, i) => `/ip4/127.0.0.1/tcp/${i + 1}`)
  const again = Array.from({ length: AT_ONCE }, (_, i) => 11n + BigInt(i))
  const named: readonly (readonly [string, Uint8Array])[] = [
    ['of a hub', news],
    ['older than what it said', await hubNewsOf({ ...common, secret: first, seq: 9n })],
    [
      'of the same moment, with another address',
      await hubNewsOf({ ...common, secret: first, addresses: many.slice(1) }),
    ],
    ['of another network', await of({ domain: OTHERS_WIRE })],
    [
      'that libp2p signed for whom it met',
      await hubNewsOf({ addresses: [SOMEWHERE], seq: 10n, secret: other }),
    ],
    ['signed by another hub', await of({ signer: first })],
    ['empty', new Uint8Array()],
    ['longer than it may be', new Uint8Array(MOST_BYTES + 1)],
    ['without its end', (await of({})).subarray(0, -1)],
    ['without its beginning', (await of({})).subarray(1)],
    ['with a field that nobody knows', Uint8Array.of(...(await of({})), 0x50, 1)],
    ['with nine addresses', await of({ addresses: many })],
    ['through a relay alone', await of({ addresses: [RELAYED] })],
    ['without an address', await of({ addresses: [] })],
    ['with eight addresses', await of({ addresses: many.slice(1) })],
    ...(await Promise.all(
      again.map(
        async (seq) =>
          [`newer, for the ${seq - 10n}. time`, await hubNewsOf({ ...common, secret: first, seq })] as const,
      ),
    )),
  ]
  return named.map(([name, bytes]) => ({ topic: 'hubs', name, bytes, wire: WIRE }))
}

export async function playHubs(): Promise<readonly Judged[]> {
  return saidToHub(await sentOf())
}
