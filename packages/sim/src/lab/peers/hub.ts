// A hub of a lab: takes batches by the rules of gossip, and says of whose chains it holds how much.
import { timeOf } from '@piecework/chain'
import type { RuleId } from '@piecework/network'
import { libp2pNetwork } from '@piecework/network/libp2p'
import { Chains, toHex, verifySignature } from '@piecework/protocol'
import { EPOCH, keyOf, NETWORK, secretOf } from './keys.ts'
import { type Said, settingForm } from './said.ts'

const { name, listen, bootstrap, homes } = settingForm.parse(JSON.parse(process.argv[2] ?? ''))
const named = new Map(homes.map((home) => [toHex(keyOf(home).publicKey), home]))
const chains = new Chains({
  networkId: NETWORK,
  epoch: EPOCH,
  verify: verifySignature,
  isNode: (nodeKey) => named.has(toHex(nodeKey)),
})
const network = libp2pNetwork(
  {
    networkId: NETWORK,
    secret: secretOf(name),
    role: 'hub',
    listen: listen === undefined ? [] : [listen],
    bootstrap,
    preset: 'local',
  },
  { time: timeOf(() => performance.now()), random: Math.random },
)

function say(said: Said): void {
  process.send?.(said)
}

function ruleOf(bytes: Uint8Array): RuleId {
  const added = chains.add(bytes)
  if (added.status === 'refused') return 'bad-signature'
  if (added.status !== 'accepted') return added.status
  const [{ nodeKey } = { nodeKey: new Uint8Array() }] = added.batches
  const home = named.get(toHex(nodeKey)) ?? ''
  say({ holds: { home, batches: chains.chainOf(nodeKey)?.batches.length ?? 0 } })
  return 'sound'
}

network.subscribe('batches', async ({ bytes }) => ruleOf(bytes))
await network.start()
say({ ready: [...network.addresses()] })
