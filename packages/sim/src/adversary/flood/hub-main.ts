// A hub as a process of its own: it judges batches as verifiers do, and tells its parent which honest ones came.
import type { RuleId } from '@piecework/network'
import type { NetworkPorts } from '@piecework/network/libp2p'
import { Chains, readBatch, toHex, verifySignature } from '@piecework/protocol'
import { NETWORK_ID, peerNamed } from '../raw/hub.ts'
import type { Heard, Ready } from './messages.ts'

const say = (what: Heard | Ready): void => {
  if (process.connected) process.send?.(what, undefined, undefined, () => undefined)
}

/** Of bad batches: those that were looked at, and those of who is hung up on already. */
const BAD: ReadonlySet<string> = new Set<RuleId>(['bad-signature', 'busy'])
let came = 0
const count: NetworkPorts['count'] = (name, { topic, rule = '' }) => {
  if (name === 'network_messages_total' && topic === 'batches' && BAD.has(rule)) came++
}

const hub = peerNamed('a flooded hub', { role: 'hub' }, { count })
const chains = new Chains({ networkId: NETWORK_ID, epoch: 0, verify: verifySignature, isNode: () => true })
let refused = 0

hub.subscribe('batches', async ({ bytes }): Promise<RuleId> => {
  const { status } = chains.add(bytes)
  if (status === 'refused') {
    refused++
    return 'bad-signature'
  }
  if (status === 'duplicate') return 'duplicate'
  say({ heard: toHex(readBatch(bytes).hash), refused, came })
  return 'sound'
})
process.once('disconnect', () => process.exit())
await hub.start()
say({ address: hub.addresses()[0] ?? '' })
